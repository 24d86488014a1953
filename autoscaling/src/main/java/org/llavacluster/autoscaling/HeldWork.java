package org.llavacluster.autoscaling;

import java.util.Objects;

/**
 * What a worker that is there holds, in the unit of its role.
 *
 * @param amount accepted and not done, whether it runs or waits there
 * @param capacity amount that keeps the whole worker busy: a decoder's slots, the batch of a vision node
 * @param ratePerSecond measured amount that a busy worker does per second; 0 while unknown
 */
public record HeldWork(String worker, double amount, double capacity, double ratePerSecond) {

    public HeldWork {
        Objects.requireNonNull(worker, "worker");
        if (!(amount >= 0 && capacity > 0 && ratePerSecond >= 0 && amount + capacity + ratePerSecond < 1e15)) {
            throw new IllegalArgumentException("work of " + worker + " with amount " + amount + ", capacity " + capacity
                    + ", rate " + ratePerSecond);
        }
    }

    /** The share of the worker that is busy, from 0 to 1. */
    double busy() {
        return Math.min(1, amount / capacity);
    }

    /** What waits at the worker because it is busy. */
    double beyondCapacity() {
        return Math.max(0, amount - capacity);
    }
}
