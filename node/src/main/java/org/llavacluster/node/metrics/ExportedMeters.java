package org.llavacluster.node.metrics;

import com.sun.management.OperatingSystemMXBean;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.Set;

/** Gives the meters of libraries names, units and descriptions that scrapers and {@code promtool} accept. */
@Singleton
class ExportedMeters {

    private static final double NANOSECONDS = 1e9;

    /**
     * {@code http.server.connections} is a timer whose samples no type of OpenMetrics has; the number of open
     * connections is a gauge of its own. {@code process.cpu.time} counts nanoseconds instead of seconds.
     */
    private static final Set<String> LEFT_OUT = Set.of("http.server.connections", "process.cpu.time");

    /** The ending {@code _count} is for parts of histograms. */
    private static final Map<String, String> RENAMED = Map.of("system.cpu.count", "system.cpus");

    /** What the libraries leave undescribed. */
    private static final Map<String, String> DESCRIPTIONS = Map.of(
            "http.server.active.requests", "HTTP requests being answered",
            "netty.allocator.memory.used", "Memory that an allocator of network buffers has reserved",
            "netty.allocator.memory.pinned", "Memory of an allocator that network buffers in use take",
            "netty.allocator.pooled.arenas", "Arenas of an allocator of network buffers",
            "netty.allocator.pooled.cache.size", "Size of the caches of an allocator of network buffers",
            "netty.allocator.pooled.chunk.size", "Size of the chunks in which an allocator reserves memory",
            "netty.allocator.pooled.threadlocal.caches", "Threads with a cache of network buffers of their own",
            "netty.eventexecutor.tasks.pending", "Tasks that wait for a thread that serves connections");

    @Produces
    @Singleton
    MeterFilter exported() {
        return new MeterFilter() {
            @Override
            public Meter.Id map(Meter.Id id) {
                Meter.Id named = RENAMED.containsKey(id.getName()) ? id.withName(RENAMED.get(id.getName())) : id;
                String description = DESCRIPTIONS.get(named.getName());
                return description == null ? named : described(named, description);
            }

            @Override
            public MeterFilterReply accept(Meter.Id id) {
                return LEFT_OUT.contains(id.getName()) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
            }
        };
    }

    /** Prometheus's own name for the processor time of a process: {@code process_cpu_seconds_total}. */
    @Produces
    @Singleton
    MeterBinder processorTime() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return registry -> FunctionCounter.builder(
                        "process.cpu", system, bean -> bean.getProcessCpuTime() / NANOSECONDS)
                .baseUnit("seconds")
                .description("Processor time of all threads of the process")
                .register(registry);
    }

    private static Meter.Id described(Meter.Id id, String description) {
        return new Meter.Id(id.getName(), Tags.of(id.getTags()), id.getBaseUnit(), description, id.getType());
    }
}
