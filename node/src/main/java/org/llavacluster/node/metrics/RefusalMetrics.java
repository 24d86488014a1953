package org.llavacluster.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/** {@code llava_refusals_total} by {@code reason}: requests, calls and connections that were refused. */
public final class RefusalMetrics {

    private final Map<RefusalReason, Counter> counters = new EnumMap<>(RefusalReason.class);

    public RefusalMetrics(MeterRegistry registry) {
        for (RefusalReason reason : RefusalReason.values()) {
            counters.put(
                    reason,
                    Counter.builder("llava.refusals")
                            .description("Requests, calls and connections that were refused, by reason")
                            .tag("reason", reason.label())
                            .register(registry));
        }
    }

    public void refused(RefusalReason reason) {
        counters.get(reason).increment();
    }
}
