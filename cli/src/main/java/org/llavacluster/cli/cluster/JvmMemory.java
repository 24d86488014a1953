package org.llavacluster.cli.cluster;

import java.util.List;
import org.llavacluster.cli.CliException;

/**
 * The memory limits of a service's JVM, which it does not take at once. Weights and KV cache are outside of both.
 *
 * @param heapBytes for requests, images and caches on the heap
 * @param directBytes for arriving messages, doubled because network buffers are rarely full, and for data in flight on
 *     a client's streams
 */
record JvmMemory(long heapBytes, long directBytes) {

    private static final long MIB = 1L << 20;

    /** The limits on a large machine: as much as the service's limits allow requests to hold, and its own needs. */
    private static final JvmMemory WANTED = new JvmMemory(1024 * MIB, 768 * MIB);

    private static final JvmMemory LEAST = new JvmMemory(192 * MIB, 96 * MIB);

    /**
     * The heap of one service gets one part in this many of the machine's memory, because four services share it with
     * the weights.
     */
    private static final int SHARE = 10;

    /**
     * The limits for each service on a machine or in a container.
     *
     * @param totalBytes memory of the machine, or of the container if that has a limit
     * @throws CliException with the sizes if a service cannot work within its share
     */
    static JvmMemory of(long totalBytes) {
        long heap = Math.min(WANTED.heapBytes, totalBytes / SHARE);
        long direct = Math.min(WANTED.directBytes, heap / 4 * 3);
        if (heap < LEAST.heapBytes || direct < LEAST.directBytes) {
            throw new CliException("a service needs " + LEAST.heapBytes / MIB + " MiB of heap and "
                    + LEAST.directBytes / MIB + " MiB of direct memory, a tenth of the memory each; there are "
                    + totalBytes / MIB + " MiB in all, and " + LEAST.heapBytes * SHARE / MIB + " are needed");
        }
        return new JvmMemory(heap, direct);
    }

    /** The JVM options. */
    List<String> options() {
        return List.of("-Xmx" + heapBytes / MIB + "m", "-XX:MaxDirectMemorySize=" + directBytes / MIB + "m");
    }
}
