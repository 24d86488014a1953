package org.llavacluster.scheduling.image;

/**
 * When a batch of images leaves for its vision node.
 *
 * @param tiles a batch is full with that many; an image that has more goes alone
 * @param inFlight batches that a node has at once; the next one fills meanwhile
 * @param idleWaitNanos how long an image may wait for company at a node that has nothing to do
 * @param busyWaitNanos how long at one that has
 * @param deadlineShare the most of the time to its deadline that an image may wait for company
 */
public record BatchRules(int tiles, int inFlight, long idleWaitNanos, long busyWaitNanos, double deadlineShare) {

    public static final BatchRules DEFAULT = new BatchRules(16, 2, 2_000_000, 20_000_000, 0.02);

    public BatchRules {
        if (tiles < 1
                || inFlight < 1
                || idleWaitNanos < 0
                || busyWaitNanos < idleWaitNanos
                || !(deadlineShare >= 0 && deadlineShare <= 1)) {
            throw new IllegalArgumentException("batches of " + tiles + " tiles, " + inFlight + " in flight, waits "
                    + idleWaitNanos + " and " + busyWaitNanos + ", deadline share " + deadlineShare);
        }
    }
}
