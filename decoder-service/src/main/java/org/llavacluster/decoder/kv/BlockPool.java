package org.llavacluster.decoder.kv;

import java.util.LinkedHashSet;

/**
 * The blocks of the KV cache. Each is in one of three states:
 *
 * <pre>
 * free    nobody uses it and it holds nothing of worth
 * used    sequences use it, references says how many
 * cached  nobody uses it, but the prefix cache knows what it holds; taken when no block is free, least recently used first
 * </pre>
 *
 * A reservation is a promise to take so many blocks later; free and cached blocks always cover what is reserved.
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

    /** Blocks that could be taken now beyond those reserved. */
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

    /** A block for one sequence, out of its reservation if it has one. */
    final int take(boolean fromReservation) {
        if (fromReservation) {
            cancelReservation(1);
        } else if (unreserved() < 1) {
            throw new IllegalStateException("no block is left beyond the " + reserved + " reserved");
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

    /** One more sequence uses a block that the prefix cache holds. */
    final void share(int block) {
        if (references[block]++ == 0 && !cached.remove(block)) {
            throw new IllegalStateException("block " + block + " is free and cannot be shared");
        }
    }

    /** One sequence less uses it. Sequences release their last blocks first, so that children leave before parents. */
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

    /** Throws if blocks were lost, doubled or promised twice. */
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
