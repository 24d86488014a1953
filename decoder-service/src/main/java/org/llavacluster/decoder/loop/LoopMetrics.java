package org.llavacluster.decoder.loop;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.function.ToDoubleFunction;
import org.llavacluster.decoder.scheduler.Scheduler;
import org.llavacluster.decoder.scheduler.Step;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;

/** Metrics of the loop. Written by the loop's thread, read by any. */
public final class LoopMetrics {

    private static final double[] SEQUENCES = {1, 2, 3, 4, 6, 8, 12, 16, 24, 32, 64};
    private static final Duration[] WAITS = {
        Duration.ofMillis(1),
        Duration.ofMillis(10),
        Duration.ofMillis(100),
        Duration.ofSeconds(1),
        Duration.ofSeconds(10),
        Duration.ofSeconds(100)
    };

    private final StageMetrics stages;
    private final DistributionSummary sequences;
    private final Counter prefillRows;
    private final Counter decodeRows;
    private final Counter tokens;
    private final Timer queueWait;
    private volatile Scheduler.Load load;

    /**
     * @param stages has {@link Stage#PREFILL} and {@link Stage#DECODE_STEP}
     */
    public LoopMetrics(MeterRegistry registry, StageMetrics stages, Scheduler.Load idle) {
        this.stages = stages;
        this.load = idle;
        sequences = DistributionSummary.builder("llava.decoder.step.sequences")
                .description("Requests that shared a step")
                .serviceLevelObjectives(SEQUENCES)
                .register(registry);
        prefillRows = rows(registry, "prefill");
        decodeRows = rows(registry, "decode");
        tokens = Counter.builder("llava.decoder.tokens")
                .description("Tokens generated")
                .register(registry);
        queueWait = Timer.builder("llava.decoder.queue")
                .description("From the arrival of a request until it has its KV blocks")
                .serviceLevelObjectives(WAITS)
                .register(registry);
        gauge(registry, "llava.decoder.running", "Requests that hold KV blocks", Scheduler.Load::running);
        gauge(registry, "llava.decoder.waiting", "Requests that wait for KV blocks", Scheduler.Load::waiting);
        gauge(registry, "llava.decoder.paused", "Requests whose readers lag", Scheduler.Load::paused);
        gauge(
                registry,
                "llava.decoder.kv.blocks.free",
                "KV blocks that a new request could reserve",
                Scheduler.Load::blocksFree);
        gauge(registry, "llava.decoder.kv.blocks", "KV blocks in all", Scheduler.Load::blocksTotal);
        count(
                registry,
                "llava.decoder.kv.cached.rows",
                "Rows found in the prefix cache instead of being computed",
                Scheduler.Load::cachedRows);
        count(
                registry,
                "llava.decoder.preemptions",
                "Times that a request lost its KV blocks to another",
                Scheduler.Load::preemptions);
    }

    /** A step in progress. */
    final class RunningStep {

        private final StageMetrics.Running prefill; // null without prompt rows
        private final StageMetrics.Running decode; // null if it produces no token

        private RunningStep(Step step) {
            prefill = step.prefillRows() > 0 ? stages.begin(Stage.PREFILL) : null;
            decode = step.parts().stream().anyMatch(Step.Part::sample) ? stages.begin(Stage.DECODE_STEP) : null;
        }

        void end(boolean succeeded) {
            if (prefill != null) {
                prefill.end(succeeded);
            }
            if (decode != null) {
                decode.end(succeeded);
            }
        }
    }

    RunningStep begin(Step step) {
        sequences.record(step.parts().size());
        prefillRows.increment(step.prefillRows());
        decodeRows.increment(step.decodeRows());
        return new RunningStep(step);
    }

    /** The time of a step belongs to its requests by their rows. */
    void abandoned(Step step, long id, long nanos) {
        long rows = (long) step.prefillRows() + step.decodeRows();
        for (Step.Part part : step.parts()) {
            if (part.id() == id) {
                stages.abandoned()
                        .spent(part.prefill() ? Stage.PREFILL : Stage.DECODE_STEP, nanos * part.rows() / rows);
            }
        }
    }

    void token() {
        tokens.increment();
    }

    void waited(long nanos) {
        queueWait.record(Duration.ofNanos(nanos));
    }

    void load(Scheduler.Load now) {
        load = now;
    }

    private static Counter rows(MeterRegistry registry, String kind) {
        return Counter.builder("llava.decoder.step.rows")
                .description("Rows computed: rows of prompts, and one row for each generated token")
                .tag("kind", kind)
                .register(registry);
    }

    private void gauge(
            MeterRegistry registry, String name, String description, ToDoubleFunction<Scheduler.Load> value) {
        Gauge.builder(name, this, metrics -> value.applyAsDouble(metrics.load))
                .description(description)
                .register(registry);
    }

    /** Registers a counter of the load. */
    private void count(
            MeterRegistry registry, String name, String description, ToDoubleFunction<Scheduler.Load> value) {
        FunctionCounter.builder(name, this, metrics -> value.applyAsDouble(metrics.load))
                .description(description)
                .register(registry);
    }
}
