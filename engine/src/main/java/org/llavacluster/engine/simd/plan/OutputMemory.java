package org.llavacluster.engine.simd.plan;

import java.lang.foreign.MemorySegment;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/** Memory of results, reused after they are closed. */
public final class OutputMemory {

    /** More blocks than runs usually hold at once. */
    private static final int KEPT = 4;

    private final Deque<Block> free = new ArrayDeque<>();

    /** @param bytes of the size asked for */
    record Block(byte[] memory, MemorySegment bytes) {}

    synchronized Block take(long size) {
        for (Iterator<Block> blocks = free.iterator(); blocks.hasNext(); ) {
            Block block = blocks.next();
            // Not much larger: a row of logits must not keep the memory of hundreds of rows.
            if (block.memory().length >= size && block.memory().length <= 2 * size) {
                blocks.remove();
                return of(block.memory(), size);
            }
        }
        return of(new byte[Math.toIntExact(size)], size);
    }

    synchronized void giveBack(Block block) {
        if (free.size() == KEPT) {
            free.removeLast();
        }
        free.addFirst(block);
    }

    private static Block of(byte[] memory, long size) {
        return new Block(memory, MemorySegment.ofArray(memory).asSlice(0, size));
    }
}
