package org.llavacluster.node.membership;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Incident;

/** Who wants to know of changes. One listener that throws does not keep the others from hearing. */
public final class Listeners {

    private static final Logger LOG = Logger.getLogger(Listeners.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public Subscription add(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Calls all of them on this thread. */
    public void changed() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.errorf("incident %s: a listener failed: %s", Incident.next(), Incident.describe(e));
            }
        }
    }
}
