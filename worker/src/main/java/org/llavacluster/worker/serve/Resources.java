package org.llavacluster.worker.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Incident;

/** What a worker has opened: closed in reverse, however far its start came. Used by one thread at a time. */
public final class Resources implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(Resources.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Closes the resource before all those that were added before it. */
    public <R extends AutoCloseable> R add(R resource) {
        opened.push(resource);
        return resource;
    }

    /** Where one cannot be closed the rest stays open, for it may still be in use; the process ends anyway. */
    @Override
    public void close() {
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                LOG.errorf("closing: %s", Incident.describe(e));
                return;
            }
        }
    }
}
