package org.llavacluster.node.transport;

import java.util.HashMap;
import java.util.Map;
import org.llavacluster.node.config.FixedLimits;

/**
 * The bytes of messages that a server holds: arriving ones and those of running calls. Bytes count as received, not as
 * announced. One peer has at most a share, and the first bytes of every call are outside of the budget, so that small
 * messages pass beside large ones. Thread-safe.
 */
public final class MessageBudget {

    /** Free bytes of each call, enough for a long text. */
    public static final int FREE_BYTES = FixedLimits.FREE_MESSAGE_BYTES.intValue();

    private final long limit;
    private final long share;
    private final Map<Object, Long> heldByPeer = new HashMap<>();
    private long held;

    /**
     * @param limit bytes of all calls together
     * @param share bytes of the calls of one peer
     */
    public MessageBudget(long limit, long share) {
        if (share < 1 || share > limit) {
            throw new IllegalArgumentException("a share of " + share + " of " + limit + " bytes");
        }
        this.limit = limit;
        this.share = share;
    }

    /** Takes that many bytes for a peer, all or none. */
    synchronized boolean take(Object peer, long bytes) {
        long its = heldByPeer.getOrDefault(peer, 0L);
        if (bytes > limit - held || bytes > share - its) {
            return false;
        }
        held += bytes;
        heldByPeer.put(peer, its + bytes);
        return true;
    }

    synchronized void give(Object peer, long bytes) {
        if (bytes == 0) {
            return;
        }
        held -= bytes;
        heldByPeer.merge(peer, -bytes, (its, given) -> its + given == 0 ? null : its + given);
    }

    /** Bytes taken now. */
    public synchronized long held() {
        return held;
    }

    /** Most bytes that may be taken. */
    public long limit() {
        return limit;
    }
}
