package org.llavacluster.worker.serve;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Incident;

/**
 * The open resources of a worker, closed in reverse order, even after a start that failed halfway. For one thread at a
 * time.
 */
public final class OpenResources implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(OpenResources.class);

    private final Deque<AutoCloseable> opened = new ArrayDeque<>();

    /** Adds a resource, which is closed before all earlier ones. */
    public <R extends AutoCloseable> R add(R resource) {
        opened.push(resource);
        return resource;
    }

    /**
     * Closes the resources. If closing one fails, the rest stays open because it may still be in use; the process ends
     * anyway.
     */
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
