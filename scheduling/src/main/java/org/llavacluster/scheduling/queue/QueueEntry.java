package org.llavacluster.scheduling.queue;

/**
 * A request that waits.
 *
 * @param ticket rises with each arrival
 * @param priority among the requests of its tenant; higher goes first
 * @param cost what it takes of the resource that is waited for, above 0
 */
public record QueueEntry(long ticket, String tenant, int priority, double cost) {

    public QueueEntry {
        if (!(cost > 0)) {
            throw new IllegalArgumentException("a cost of " + cost);
        }
    }
}
