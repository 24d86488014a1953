package org.llavacluster.autoscaling;

import java.util.List;

/**
 * All work of a role at one moment, in its unit.
 *
 * @param queued not given to a worker yet
 * @param held by the workers that are there; one that is gone is not in the list
 */
public record RoleWork(double queued, List<HeldWork> held) {

    public static final RoleWork NONE = new RoleWork(0, List.of());

    public RoleWork {
        held = List.copyOf(held);
        if (!(queued >= 0 && queued < 1e15)) {
            throw new IllegalArgumentException("queued work must be at least 0, not " + queued);
        }
    }

    double amount() {
        return queued + held.stream().mapToDouble(HeldWork::amount).sum();
    }
}
