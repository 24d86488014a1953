package org.llavacluster.decoder.loop;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.decoder.scheduler.Event;
import org.llavacluster.decoder.scheduler.Step;
import org.llavacluster.model.decoder.SequenceRows;
import org.llavacluster.model.decoder.StepLogits;
import org.llavacluster.model.sampling.Sampler;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Departure;
import org.llavacluster.node.time.Clock;
import org.llavacluster.worker.serve.EngineFailures;

/**
 * Computes a step and samples from its logits. An error in the input or sampling of one request fails that request
 * only. An error of the engine fails all requests of the step, under one incident id that is also in the log.
 */
final class StepRunner {

    private final StepComputer model;
    private final Sampler sampler;
    private final Clock clock;
    private final LoopMetrics metrics;

    // The newest step; null before the first.
    private Step newest;
    private long newestStart;
    private long newestEnd;

    StepRunner(StepComputer model, Sampler sampler, Clock clock, LoopMetrics metrics) {
        this.model = model;
        this.sampler = sampler;
        this.clock = clock;
        this.metrics = metrics;
    }

    Event run(Step step, Map<Long, LoopRequest> requests) {
        Map<Long, Throwable> failed = new HashMap<>();
        List<Step.Part> computed = new ArrayList<>(step.parts().size());
        List<SequenceRows> rows = new ArrayList<>(step.parts().size());
        for (Step.Part part : step.parts()) {
            try {
                rows.add(rows(part, requests.get(part.id())));
                computed.add(part);
            } catch (RuntimeException broken) {
                failed.put(part.id(), failure("the rows of a request", broken));
            }
        }
        if (rows.isEmpty()) {
            return new Event.Stepped(0, List.of(), failed);
        }
        LoopMetrics.RunningStep running = metrics.begin(step);
        long start = clock.nanoTime();
        newest = step;
        newestStart = start;
        try (StepLogits logits = model.step(rows)) {
            List<Event.Stepped.Sample> samples = sample(computed, logits, requests, failed);
            long elapsed = clock.nanoTime() - start;
            running.end(true);
            return new Event.Stepped(elapsed, samples, failed);
        } catch (RuntimeException | OutOfMemoryError broken) {
            running.end(false);
            return new Event.StepFailed(failure("a step of " + rows.size() + " requests", broken));
        } finally {
            newestEnd = clock.nanoTime();
        }
    }

    /** Nothing waits for that request since then: its part of the newest step after that was in vain. */
    void countAbandoned(long id, long atNanos) {
        if (newest != null) {
            metrics.abandoned(newest, id, Departure.within(atNanos, newestStart, newestEnd));
        }
    }

    private List<Event.Stepped.Sample> sample(
            List<Step.Part> parts, StepLogits logits, Map<Long, LoopRequest> requests, Map<Long, Throwable> failed) {
        List<Event.Stepped.Sample> samples = new ArrayList<>(parts.size());
        int row = 0;
        for (Step.Part part : parts) {
            if (!part.sample()) {
                continue;
            }
            LoopRequest request = requests.get(part.id());
            try {
                request.sampled(sampler.sample(
                        request.generation.sampling(),
                        logits.row(row),
                        request.history(),
                        request.historyLength(),
                        request.generated()));
                samples.add(new Event.Stepped.Sample(part.id(), request.sampledId()));
            } catch (RuntimeException broken) {
                failed.put(part.id(), failure("the sampling of a request", broken));
            }
            row++;
        }
        return samples;
    }

    private static SequenceRows rows(Step.Part part, LoopRequest request) {
        return new SequenceRows(part.start(), part.blocks(), part.runs(), request::image, part.sample());
    }

    static FailureException failure(String work, Throwable thrown) {
        return new FailureException(EngineFailures.of(work, thrown), thrown);
    }
}
