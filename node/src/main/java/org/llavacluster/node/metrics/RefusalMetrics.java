package org.llavacluster.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;

/** {@code llava_refusals_total} by {@code reason}: requests, calls and connections that limits or rules turned away. */
public final class RefusalMetrics {

    private final MeterRegistry registry;

    public RefusalMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param reason one of a fixed set of words, never anything that a caller sent */
    public void refused(String reason) {
        Counter.builder("llava.refusals")
                .description("Requests, calls and connections that were turned away, by reason")
                .tag("reason", reason)
                .register(registry)
                .increment();
    }
}
