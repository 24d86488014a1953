package org.llavacluster.autoscaling;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** The newest demand of each role. May be used by any thread. */
public final class DemandBoard {

    /** Called after a role's demand became known anew, on the thread that put it; must not block or throw. */
    @FunctionalInterface
    public interface DemandListener {

        void changed(ScaledRole role, RoleDemand demand);
    }

    private final List<DemandListener> listeners = new CopyOnWriteArrayList<>();
    private volatile Map<ScaledRole, RoleDemand> demands = Map.of();

    public RoleDemand demand(ScaledRole role) {
        return demands.getOrDefault(role, RoleDemand.NONE);
    }

    public void put(ScaledRole role, RoleDemand demand) {
        synchronized (this) {
            Map<ScaledRole, RoleDemand> next = new EnumMap<>(ScaledRole.class);
            next.putAll(demands);
            next.put(role, demand);
            demands = next;
        }
        listeners.forEach(listener -> listener.changed(role, demand));
    }

    public void add(DemandListener listener) {
        listeners.add(listener);
    }

    public void remove(DemandListener listener) {
        listeners.remove(listener);
    }
}
