package org.llavacluster.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.EnumMap;
import java.util.Map;

/**
 * {@code llava_abandoned_work_seconds_total} by {@code stage}: time spent on work after the last call that waited for
 * its result had ended. All series of a process's stages exist from the start, at 0.
 */
public final class AbandonedWork {

    private static final double NANOSECONDS = 1e9;

    private final Map<Stage, Counter> seconds = new EnumMap<>(Stage.class);

    public AbandonedWork(MeterRegistry registry, Stage... stages) {
        for (Stage stage : stages) {
            seconds.put(
                    stage,
                    Counter.builder("llava.abandoned.work.seconds")
                            .baseUnit("seconds")
                            .description("Time spent on work after the last call that waited for its result had ended")
                            .tag("stage", stage.label())
                            .register(registry));
        }
    }

    /**
     * Adds time.
     *
     * @param nanos at least 0
     */
    public void spent(Stage stage, long nanos) {
        if (nanos > 0) {
            seconds.get(stage).increment(nanos / NANOSECONDS);
        }
    }
}
