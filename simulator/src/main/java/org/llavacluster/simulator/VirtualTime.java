package org.llavacluster.simulator;

import java.util.PriorityQueue;

/**
 * Time that passes only by what is to happen in it. Alarms of the same time ring in the order in which they were set.
 */
public final class VirtualTime {

    private record Alarm(long nanos, long order, Runnable action) implements Comparable<Alarm> {

        @Override
        public int compareTo(Alarm other) {
            return nanos != other.nanos ? Long.compare(nanos, other.nanos) : Long.compare(order, other.order);
        }
    }

    private final PriorityQueue<Alarm> alarms = new PriorityQueue<>();
    private long now;
    private long set;

    public long now() {
        return now;
    }

    public void at(long nanos, Runnable action) {
        alarms.add(new Alarm(Math.max(now, nanos), set++, action));
    }

    public void after(long nanos, Runnable action) {
        at(now + nanos, action);
    }

    /** Lets everything happen that is to happen by then. */
    public void runUntil(long nanos) {
        while (!alarms.isEmpty() && alarms.peek().nanos() <= nanos) {
            Alarm next = alarms.poll();
            now = next.nanos();
            next.action().run();
        }
        now = nanos;
    }
}
