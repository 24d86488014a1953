package org.llavacluster.decoder.kv;

import java.util.Arrays;
import java.util.Optional;

/**
 * The blocks of one sequence. Position p lies in {@code blocks()[p / blockTokens]}.
 *
 * <pre>
 * [0, sealed)       full, computed, in the prefix cache, possibly shared with other sequences
 * [sealed, length)  owned by this sequence, being filled
 * reserved          promised by the pool, not taken yet
 * </pre>
 */
public final class BlockTable {

    private final BlockPool pool;
    private final PrefixCache prefixes;
    private final int blockTokens;
    private int[] blocks = {};
    private int sealed;
    private PrefixNode tip;
    private int reserved;

    public BlockTable(BlockPool pool, PrefixCache prefixes, int blockTokens, OpaqueKey salt) {
        this.pool = pool;
        this.prefixes = prefixes;
        this.blockTokens = blockTokens;
        this.tip = prefixes.root(salt);
    }

    /** Whether {@link #reserve} can succeed. */
    public boolean canReserve(int positions) {
        return missing(positions) - reserved <= pool.unreserved();
    }

    /** Reserves the blocks that the table lacks for that many positions. */
    public void reserve(int positions) {
        int more = Math.max(0, missing(positions) - reserved);
        pool.reserve(more);
        reserved += more;
    }

    /** The block table for the engine; valid until the table changes. */
    public int[] blocks() {
        return blocks;
    }

    public int sealed() {
        return sealed;
    }

    /** Number of blocks taken and reserved. */
    public int held() {
        return blocks.length + reserved;
    }

    /** Whether {@link #grow} to that many positions can succeed. */
    public boolean canGrow(int positions) {
        int beyond = missing(positions) - reserved;
        return beyond <= 0 || beyond <= pool.unreserved();
    }

    /** Takes blocks until the table covers that many positions. */
    public void grow(int positions) {
        int missing = missing(positions);
        if (missing <= 0) {
            return;
        }
        int length = blocks.length;
        blocks = Arrays.copyOf(blocks, length + missing);
        for (int i = length; i < blocks.length; i++) {
            blocks[i] = take();
        }
    }

    /**
     * Appends the cached block that holds {@code content}. All blocks so far must be sealed.
     *
     * @return whether there was such a block
     */
    public boolean adopt(BlockContent content) {
        if (sealed != blocks.length) {
            throw new IllegalStateException(
                    "cannot adopt a block after " + (blocks.length - sealed) + " unfinished ones");
        }
        Optional<PrefixNode> node = prefixes.find(tip, content);
        if (node.isEmpty() || !(reserved > 0 || pool.isUsed(node.get().block) || pool.unreserved() > 0)) {
            return false;
        }
        tip = node.get();
        if (reserved > 0) {
            pool.cancelReservation(1);
            reserved--;
        }
        pool.share(tip.block);
        blocks = Arrays.copyOf(blocks, blocks.length + 1);
        blocks[sealed++] = tip.block;
        return true;
    }

    /**
     * Marks the next unsealed block as full and computed, so that others may share it. If the cache already has an
     * equal block, the table switches to that one and releases its own.
     */
    public void seal(BlockContent content) {
        int own = blocks[sealed];
        Optional<PrefixNode> twin = prefixes.find(tip, content);
        if (twin.isPresent()) {
            tip = twin.get();
            pool.share(tip.block);
            pool.release(own);
            blocks[sealed] = tip.block;
        } else {
            tip = prefixes.insert(tip, content, own);
        }
        sealed++;
    }

    /** Releases all blocks, the last first, and the rest of the reservation. */
    public void release() {
        for (int i = blocks.length - 1; i >= 0; i--) {
            pool.release(blocks[i]);
        }
        pool.cancelReservation(reserved);
        reserved = 0;
        sealed = 0;
        blocks = new int[0];
    }

    private int take() {
        boolean promised = reserved > 0;
        int block = pool.take(promised);
        reserved -= promised ? 1 : 0;
        return block;
    }

    private int missing(int positions) {
        return (positions + blockTokens - 1) / blockTokens - blocks.length;
    }
}
