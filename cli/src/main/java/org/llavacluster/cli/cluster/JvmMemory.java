package org.llavacluster.cli.cluster;

import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavacluster.cli.CliException;
import org.llavacluster.node.config.GrpcProperties;
import org.llavacluster.node.config.Property;
import org.llavacluster.node.config.Settings;

/**
 * The memory limits of a service's JVM, which it does not take at once. Weights and KV cache are outside of both.
 *
 * @param heapBytes for requests, images and caches on the heap
 * @param directBytes for arriving messages, doubled because network buffers are rarely full, and for data in flight on
 *     a client's streams
 */
record JvmMemory(long heapBytes, long directBytes) {

    private static final long MIB = 1L << 20;

    /** Heap of a service besides its budgets. */
    private static final long BASE = 192 * MIB;

    private static final long LEAST_HEAP = 192 * MIB;
    private static final long LEAST_DIRECT = 96 * MIB;

    /** Most bytes in flight on streams: 1024 of the server's window of 256 KiB. */
    private static final long IN_FLIGHT = 256 * MIB;

    /** Default of {@link GrpcProperties#INBOUND_BYTES} on a large heap; at most this part of a small one. */
    private static final long INBOUND = 256 * MIB;

    private static final int INBOUND_PART = 4;

    /**
     * The heap of one service gets one part in this many of the machine's memory, because four services share it with
     * the weights. Budgets that are set may take more.
     */
    private static final int SHARE = 10;

    /** One part in this many is the most for a service, whatever is set. */
    private static final int MOST = 2;

    /**
     * A budget on the heap.
     *
     * @param usualBytes the budget on a large machine if nothing is set; a smaller heap makes it smaller
     * @param property sets it
     * @param times how many bytes each byte of the property's value stands for
     */
    record HeapBudget(long usualBytes, Property<Long> property, int times) {

        static HeapBudget fixed(long bytes) {
            return new HeapBudget(bytes, null, 1);
        }

        private OptionalLong set(Settings settings) {
            return property == null
                    ? OptionalLong.empty()
                    : settings.find(property).stream()
                            .mapToLong(bytes -> times * bytes)
                            .findFirst();
        }

        private long wanted(Settings settings) {
            return set(settings).orElse(usualBytes);
        }

        private Stream<String> named(Settings settings) {
            return set(settings).stream().mapToObj(bytes -> property + " (" + bytes / MIB + " MiB)");
        }
    }

    /**
     * The limits for a service on a machine or in a container.
     *
     * @param role the service
     * @param totalBytes memory of the machine, or of the container if that has a limit
     * @param settings the properties that the service will read
     * @throws CliException with the sizes if a service cannot work within its share
     */
    static JvmMemory of(ServiceRole role, long totalBytes, Settings settings) {
        List<HeapBudget> budgets = role.heapBudgets(settings);
        long inbound = settings.find(GrpcProperties.INBOUND_BYTES).orElse(0L);
        long set = inbound
                + budgets.stream()
                        .mapToLong(budget -> budget.set(settings).orElse(0))
                        .sum();
        long wanted = BASE
                + Math.max(inbound, INBOUND)
                + budgets.stream().mapToLong(budget -> budget.wanted(settings)).sum();
        long share = totalBytes / SHARE;
        long heap = set == 0 ? Math.min(wanted, share) : Math.max(Math.min(wanted, share), BASE + set);
        long direct = 2 * (inbound == 0 ? Math.min(INBOUND, heap / INBOUND_PART) : inbound)
                + Math.min(IN_FLIGHT, heap / INBOUND_PART);
        if (heap < LEAST_HEAP || direct < LEAST_DIRECT) {
            throw new CliException("a service needs " + LEAST_HEAP / MIB + " MiB of heap and " + LEAST_DIRECT / MIB
                    + " MiB of direct memory, a tenth of the memory each; there are " + totalBytes / MIB
                    + " MiB in all, and " + LEAST_HEAP * SHARE / MIB + " are needed");
        }
        if (set > 0 && heap + direct > totalBytes / MOST) {
            throw new CliException("the " + role.name().toLowerCase(Locale.ROOT) + " service needs "
                    + (heap + direct) / MIB + " MiB for " + named(budgets, settings) + ", and may take half of the "
                    + totalBytes / MIB + " MiB that there are: lower the limits");
        }
        return new JvmMemory(heap, direct);
    }

    private static String named(List<HeapBudget> budgets, Settings settings) {
        return Stream.concat(budgets.stream(), Stream.of(new HeapBudget(INBOUND, GrpcProperties.INBOUND_BYTES, 1)))
                .flatMap(budget -> budget.named(settings))
                .collect(Collectors.joining(", "));
    }

    /** The JVM options. */
    List<String> options() {
        return List.of("-Xmx" + heapBytes / MIB + "m", "-XX:MaxDirectMemorySize=" + directBytes / MIB + "m");
    }
}
