package org.llavacluster.node.membership;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Incident;

/**
 * Listeners of changes, called in the order in which they were added. An exception of one does not affect the others.
 * There may be thousands that come and go: adding and removing one takes logarithmic time.
 */
public final class ChangeListeners {

    private static final Logger LOG = Logger.getLogger(ChangeListeners.class);

    private final Map<Long, Runnable> listeners = new ConcurrentSkipListMap<>();
    private final AtomicLong added = new AtomicLong();

    public Subscription add(Runnable listener) {
        Long place = added.getAndIncrement();
        listeners.put(place, listener);
        return () -> listeners.remove(place);
    }

    /** Calls all listeners on this thread. */
    public void changed() {
        for (Runnable listener : listeners.values()) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                LOG.errorf("incident %s: a listener failed: %s", Incident.next(), Incident.describe(e));
            }
        }
    }
}
