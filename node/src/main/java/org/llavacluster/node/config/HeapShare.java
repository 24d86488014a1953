package org.llavacluster.node.config;

/** Defaults of budgets on the heap, which are smaller on a small heap. */
public final class HeapShare {

    /** Heap that no budget takes. */
    static final long RESERVED = 64L << 20;

    private HeapShare() {}

    /**
     * The usual size, or a part of this process's heap if that is less.
     *
     * @param part one part in this many of the heap beside a reserve
     */
    public static long atMost(long usualBytes, int part) {
        return atMost(usualBytes, part, Runtime.getRuntime().maxMemory());
    }

    static long atMost(long usualBytes, int part, long heapBytes) {
        return Math.clamp((heapBytes - RESERVED) / part, 1L << 20, usualBytes);
    }
}
