package org.llavacluster.decoder.kv;

import java.util.LinkedHashSet;

/**
 * The blocks of the KV cache. Each block is in one of three states:
 *
 * <pre>
 * free    no sequence uses it and it holds nothing to keep
 * used    sequences use it; references counts them
 * cached  no sequence uses it, but the prefix cache can find it; taken if no block is free, least recently used first
 * </pre>
 * A reservation promises blocks that are taken later. There are always at least as many free and cached blocks as
 * reserved ones.
 */
public class BlockPool {

    private final PrefixCache prefixes;
    private final int[] references; // [blocks]
    private final int[] free; // the first freeCount are a stack
    private int freeCount;
    private final LinkedHashSet<Integer> cached = new LinkedHashSet<>(); // least recently used first
    private int reserved;

    public BlockPool(int blocks, PrefixCache prefixes) {
        this.prefixes = prefixes;
        references = new int[blocks];
        free = new int[blocks];
        for (int i = 0; i < blocks; i++) {
            free[i] = blocks - 1 - i;
        }
        freeCount = blocks;
    }

    public final int total() {
        return references.length;
    }

    public final int free() {
        return freeCount;
    }

    public final int cached() {
        return cached.size();
    }

    public final int used() {
        return total() - freeCount - cached.size();
    }

    public final int reserved() {
        return reserved;
    }

    /** Number of blocks that can be taken without a reservation. */
    public final int unreserved() {
        return freeCount + cached.size() - reserved;
    }

    final boolean isUsed(int block) {
        return references[block] > 0;
    }

    final boolean canReserve(int blocks) {
        return blocks <= unreserved();
    }

    final void reserve(int blocks) {
        if (!canReserve(blocks)) {
            throw new IllegalStateException("cannot reserve " + blocks + " blocks of " + unreserved());
        }
        reserved += blocks;
    }

    final void cancelReservation(int blocks) {
        if (blocks > reserved) {
            throw new IllegalStateException("cancels " + blocks + " of " + reserved + " reserved blocks");
        }
        reserved -= blocks;
    }

    /** Takes a block for one sequence, from its reservation if it has one. */
    final int take(boolean fromReservation) {
        if (fromReservation) {
            cancelReservation(1);
        } else if (unreserved() < 1) {
            throw new IllegalStateException("no block is left besides the " + reserved + " reserved");
        }
        int block;
        if (freeCount > 0) {
            block = free[--freeCount];
        } else {
            block = cached.removeFirst();
            prefixes.evict(block);
        }
        references[block] = 1;
        return block;
    }

    /** Counts one more sequence that uses a block of the prefix cache. */
    final void share(int block) {
        if (references[block]++ == 0 && !cached.remove(block)) {
            throw new IllegalStateException("block " + block + " is free and cannot be shared");
        }
    }

    /**
     * Counts one sequence less. Sequences release their last blocks first, so that children are cached before their
     * parents.
     */
    void release(int block) {
        if (references[block] < 1) {
            throw new IllegalStateException("block " + block + " is not in use");
        }
        if (--references[block] > 0) {
            return;
        }
        if (prefixes.holds(block)) {
            cached.add(block);
        } else {
            free[freeCount++] = block;
        }
    }

    /** Throws if blocks are lost, in two states, or reserved twice. */
    public final void check() {
        boolean[] seen = new boolean[total()];
        for (int i = 0; i < freeCount; i++) {
            claim(seen, free[i], "free");
        }
        for (int block : cached) {
            claim(seen, block, "cached");
        }
        for (int block = 0; block < total(); block++) {
            if (seen[block] == isUsed(block)) {
                throw new IllegalStateException("block " + block + " has " + references[block] + " references"
                        + (seen[block] ? " and is free" : ""));
            }
        }
        if (reserved < 0 || unreserved() < 0) {
            throw new IllegalStateException(
                    reserved + " blocks are reserved, " + freeCount + " free, " + cached.size() + " cached");
        }
    }

    private static void claim(boolean[] seen, int block, String state) {
        if (seen[block]) {
            throw new IllegalStateException("block " + block + " is " + state + " twice");
        }
        seen[block] = true;
    }
}
