package org.llavacluster.node.membership;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Incident;

/** Listeners of changes. An exception of one does not affect the others. */
public final class ChangeListeners {

    private static final Logger LOG = Logger.getLogger(ChangeListeners.class);

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public Subscription add(Runnable listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /** Calls all listeners on this thread. */
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
