package org.llavacluster.cli.soak;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.llavacluster.cli.bench.MetricsText;
import org.llavacluster.cli.bench.ProcStatus;

/** What is looked at in each process: what the system says of it, and what it says itself. */
enum ProcessFigure {
    RESIDENT("resident memory", "MB", of(status -> status.residentBytes() * 1e-6), _ -> OptionalDouble.empty()),
    PEAK("peak of resident memory", "MB", of(status -> status.peakBytes() * 1e-6), _ -> OptionalDouble.empty()),
    THREADS("threads", "", of(ProcStatus::threads), _ -> OptionalDouble.empty()),
    FILES("open files", "", of(ProcStatus::files), _ -> OptionalDouble.empty()),
    HEAP(
            "used heap",
            "MB",
            _ -> OptionalDouble.empty(),
            metrics -> megabytes(metrics.find("jvm_memory_used_bytes", "area=\"heap\""))),
    LIVE_HEAP(
            "old generation after its last collection",
            "MB",
            _ -> OptionalDouble.empty(),
            metrics -> megabytes(metrics.find("jvm_gc_live_data_size_bytes", ""))),
    NON_HEAP(
            "classes and compiled code",
            "MB",
            _ -> OptionalDouble.empty(),
            metrics -> megabytes(metrics.find("jvm_memory_committed_bytes", "area=\"nonheap\""))),
    DIRECT("direct memory", "MB", _ -> OptionalDouble.empty(), metrics -> megabytes(direct(metrics))),
    METRICS("samples of metrics", "", _ -> OptionalDouble.empty(), metrics -> OptionalDouble.of(metrics.count()));

    private final String title;
    private final String unit;
    private final Function<ProcStatus, OptionalDouble> inStatus;
    private final Function<MetricsText, OptionalDouble> inMetrics;

    ProcessFigure(
            String title,
            String unit,
            Function<ProcStatus, OptionalDouble> inStatus,
            Function<MetricsText, OptionalDouble> inMetrics) {
        this.title = title;
        this.unit = unit;
        this.inStatus = inStatus;
        this.inMetrics = inMetrics;
    }

    private static Function<ProcStatus, OptionalDouble> of(ToDoubleFunction<ProcStatus> value) {
        return status -> OptionalDouble.of(value.applyAsDouble(status));
    }

    String title() {
        return title;
    }

    /** Empty for a number of things. */
    String unit() {
        return unit;
    }

    /** The name in JSON, with its unit. */
    String key() {
        String name = name().toLowerCase(Locale.ROOT);
        return unit.equals("MB") ? name + "_mb" : name;
    }

    /** Empty if the system does not say it. */
    OptionalDouble in(ProcStatus status) {
        return inStatus.apply(status);
    }

    /** Empty if the process does not say it. */
    OptionalDouble in(MetricsText metrics) {
        return inMetrics.apply(metrics);
    }

    /** Java's direct buffers, and those of Netty, which Java does not count. */
    private static OptionalDouble direct(MetricsText metrics) {
        OptionalDouble buffers = metrics.find("jvm_buffer_memory_used_bytes", "id=\"direct\"");
        return buffers.isEmpty()
                ? buffers
                : OptionalDouble.of(buffers.getAsDouble() + metrics.sum("llava_network_memory_bytes"));
    }

    private static OptionalDouble megabytes(OptionalDouble bytes) {
        return bytes.isEmpty() ? bytes : OptionalDouble.of(bytes.getAsDouble() * 1e-6);
    }
}
