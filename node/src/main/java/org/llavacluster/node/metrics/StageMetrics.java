package org.llavacluster.node.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.llavacluster.node.time.Clock;

/**
 * {@code llava_stage_calls_total}, {@code llava_stage_failures_total} and the histogram {@code llava_stage_seconds},
 * each by {@code stage}, and {@link AbandonedWork} of the stages that compute. All series of a process's stages exist
 * from the start, at 0.
 */
public final class StageMetrics {

    private record Meters(Counter calls, Counter failures, Timer seconds) {}

    private final Clock clock;
    private final Map<Stage, Meters> meters = new EnumMap<>(Stage.class);
    private final AbandonedWork abandoned;

    public StageMetrics(MeterRegistry registry, Clock clock, Stage... stages) {
        this.clock = clock;
        this.abandoned = new AbandonedWork(
                registry, Arrays.stream(stages).filter(Stage::computes).toArray(Stage[]::new));
        for (Stage stage : stages) {
            meters.put(
                    stage,
                    new Meters(
                            Counter.builder("llava.stage.calls")
                                    .description("Calls of a stage that began")
                                    .tag("stage", stage.label())
                                    .register(registry),
                            Counter.builder("llava.stage.failures")
                                    .description("Calls of a stage that failed by a fault of the cluster")
                                    .tag("stage", stage.label())
                                    .register(registry),
                            Timer.builder("llava.stage")
                                    .description("Time that one call of a stage takes")
                                    .tag("stage", stage.label())
                                    .serviceLevelObjectives(LatencyBuckets.all())
                                    .register(registry)));
        }
    }

    /** Begins one call of a stage of this process. */
    public Running begin(Stage stage) {
        Meters of = meters.get(stage);
        if (of == null) {
            throw new IllegalArgumentException("this process has no stage " + stage.label());
        }
        of.calls.increment();
        return new Running(of, clock, clock.nanoTime());
    }

    /** Work of stages that compute, for which nothing waited any more. */
    public AbandonedWork abandoned() {
        return abandoned;
    }

    /** One call of a stage, ended once. */
    public static final class Running {

        private final Meters meters;
        private final Clock clock;
        private final long startNanos;

        private Running(Meters meters, Clock clock, long startNanos) {
            this.meters = meters;
            this.clock = clock;
            this.startNanos = startNanos;
        }

        /** Records the time since {@link StageMetrics#begin}. */
        public void end(boolean succeeded) {
            meters.seconds.record(Duration.ofNanos(clock.nanoTime() - startNanos));
            if (!succeeded) {
                meters.failures.increment();
            }
        }
    }
}
