package org.llavacluster.cli.cluster;

import java.util.List;
import org.llavacluster.cli.CliException;

/**
 * Memory of a service's JVM: the most that it may take, not what it takes at once. Weights and KV cache are outside of both.
 *
 * @param heapBytes for requests, images and what is cached on the heap
 * @param directBytes for messages that arrive, twice since network buffers are rarely full, and for what a client's streams may have
 *     on their way
 */
record JvmMemory(long heapBytes, long directBytes) {

    private static final long MIB = 1L << 20;

    /** What a service has where the machine is large enough: what its limits allow requests to hold, and its own. */
    private static final JvmMemory WANTED = new JvmMemory(1024 * MIB, 768 * MIB);

    private static final JvmMemory LEAST = new JvmMemory(192 * MIB, 96 * MIB);

    /** Of the machine's memory, for the heap of one service: four share the machine with the weights. */
    private static final int SHARE = 10;

    /**
     * For each service on a machine or in a container.
     *
     * @param totalBytes memory of the machine, or of the container where that has a limit
     * @throws CliException with the sizes if a service cannot work in its share
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

    /** Options of the JVM. */
    List<String> options() {
        return List.of("-Xmx" + heapBytes / MIB + "m", "-XX:MaxDirectMemorySize=" + directBytes / MIB + "m");
    }
}
