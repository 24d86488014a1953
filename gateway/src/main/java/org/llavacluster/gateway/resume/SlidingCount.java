package org.llavacluster.gateway.resume;

import java.time.Duration;

/** Counts events within a window that ends now, with a resolution of a tenth of the window. */
final class SlidingCount {

    private static final int SLOTS = 10;

    private final long slotNanos;
    private final int[] counts = new int[SLOTS];
    private long newest = Long.MIN_VALUE;

    SlidingCount(Duration window) {
        this.slotNanos = window.toNanos() / SLOTS;
    }

    void add(long nowNanos) {
        advance(nowNanos);
        counts[slot(newest)]++;
    }

    int count(long nowNanos) {
        advance(nowNanos);
        int sum = 0;
        for (int count : counts) {
            sum += count;
        }
        return sum;
    }

    /** Clears the slots between the newest one and now. Time that goes back counts as no time. */
    private void advance(long nowNanos) {
        long now = Math.floorDiv(nowNanos, slotNanos);
        if (newest == Long.MIN_VALUE) {
            newest = now;
        }
        long steps = Math.min(now - newest, SLOTS);
        for (long step = 1; step <= steps; step++) {
            counts[slot(now - steps + step)] = 0;
        }
        newest = Math.max(newest, now);
    }

    private static int slot(long number) {
        return (int) Math.floorMod(number, SLOTS);
    }
}
