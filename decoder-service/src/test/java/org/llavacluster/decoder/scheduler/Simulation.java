package org.llavacluster.decoder.scheduler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.llavacluster.decoder.kv.BlockPool;
import org.llavacluster.decoder.kv.OpaqueKey;
import org.llavacluster.decoder.kv.PrefixCache;
import org.llavacluster.model.decoder.RowRun;

/**
 * Random requests, cancels, deadlines, slow readers, late images and failures against one scheduler with tiny limits,
 * in virtual time. Throws an AssertionError that names the broken promise.
 */
final class Simulation {

    /** Parts that a test may replace by broken ones. */
    record Parts(
            IntFunction<PrefixCache> prefixes,
            BiFunction<Integer, PrefixCache, BlockPool> pool,
            UnaryOperator<List<Action>> actions,
            UnaryOperator<Step> step) {

        static Parts sound() {
            return new Parts(PrefixCache::new, BlockPool::new, actions -> actions, step -> step);
        }

        Parts withPrefixes(IntFunction<PrefixCache> broken) {
            return new Parts(broken, pool, actions, step);
        }

        Parts withPool(BiFunction<Integer, PrefixCache, BlockPool> broken) {
            return new Parts(prefixes, broken, actions, step);
        }

        Parts withActions(UnaryOperator<List<Action>> broken) {
            return new Parts(prefixes, pool, broken, step);
        }

        Parts withStep(UnaryOperator<Step> broken) {
            return new Parts(prefixes, pool, actions, broken);
        }
    }

    /** How often each thing happened, to show that the runs reach it. */
    record Tally(int ended, int tokens, int sharedSteps, long cachedRows, long preemptions, int paused, int earlyRows) {

        static final Tally NOTHING = new Tally(0, 0, 0, 0, 0, 0, 0);

        Tally plus(Tally other) {
            return new Tally(
                    ended + other.ended,
                    tokens + other.tokens,
                    sharedSteps + other.sharedSteps,
                    cachedRows + other.cachedRows,
                    preemptions + other.preemptions,
                    paused + other.paused,
                    earlyRows + other.earlyRows);
        }
    }

    private static final class LoopRequest {
        final SequenceSpec spec;
        final int[] expected; // of the whole answer, produced tokens included
        final Map<Integer, Integer> fetching = new LinkedHashMap<>(); // image -> attempt
        final Set<Integer> present = new HashSet<>();
        final Set<Integer> seen = new HashSet<>(); // images that were there once
        int delivered;
        int unacknowledged;
        boolean accepted;
        boolean cancelled;
        boolean failed;
        Ending ending;

        LoopRequest(SequenceSpec spec, int[] expected) {
            this.spec = spec;
            this.expected = expected;
            this.delivered = spec.produced().length;
        }
    }

    private static final int VOCABULARY = 2;

    /** More rows than the images of all requests have. */
    private static final int ALL_ROWS = 1 << 20;

    private static final int STOP = 1; // for some requests

    private final Random random;
    private final Parts parts;
    private final int blockTokens;
    private final SchedulerLimits limits;
    private final BlockPool pool;
    private final Scheduler scheduler;
    private final FakeModel model;
    private final Map<Long, LoopRequest> requests = new LinkedHashMap<>();
    private final List<Event> events = new ArrayList<>();
    private long now = 1_000;
    private int tokens;
    private int sharedSteps;
    private int paused;
    private int earlyRows;

    Simulation(long seed, Parts parts) {
        this.random = new Random(seed);
        this.parts = parts;
        this.blockTokens = 1 + random.nextInt(3);
        int blocks = 4 + random.nextInt(5);
        this.limits = new SchedulerLimits(
                1 + random.nextInt(4),
                random.nextInt(4),
                3,
                1 + random.nextInt(3),
                1 + random.nextInt(3),
                1 + random.nextInt(4),
                random.nextBoolean() ? ALL_ROWS : random.nextInt(8));
        PrefixCache prefixes = parts.prefixes().apply(blocks);
        this.pool = parts.pool().apply(blocks, prefixes);
        this.scheduler = new Scheduler(limits, pool, prefixes, blockTokens);
        this.model = new FakeModel(blocks, blockTokens, VOCABULARY);
    }

    Tally run(int rounds) {
        for (int round = 0; round < rounds; round++) {
            disturb();
            step();
        }
        for (int round = 0; round < 400 && unfinished() > 0; round++) {
            requests.values().forEach(this::help);
            step();
        }
        require(unfinished() == 0, "Live: requests are left");
        step();
        require(pool.used() == 0 && pool.reserved() == 0, "Released: blocks are held without a request");
        for (LoopRequest request : requests.values()) {
            explain(request);
        }
        Scheduler.Load load = scheduler.load();
        return new Tally(
                requests.size(), tokens, sharedSteps, load.cachedRows(), load.preemptions(), paused, earlyRows);
    }

    private void disturb() {
        if (random.nextInt(3) == 0) {
            submit();
        }
        for (LoopRequest request : requests.values()) {
            if (request.ending != null) {
                continue;
            }
            if (random.nextInt(40) == 0) {
                request.cancelled = true;
                events.add(new Event.Cancelled(request.spec.id()));
            } else if (random.nextInt(60) == 0) {
                request.failed = true;
                events.add(new Event.Failed(request.spec.id(), new RuntimeException("this request alone")));
            } else if (random.nextInt(3) == 0) {
                help(request);
            }
        }
    }

    /** Its images arrive and its reader catches up. */
    private void help(LoopRequest request) {
        request.fetching.forEach((image, attempt) -> {
            request.present.add(image);
            request.seen.add(image);
            events.add(new Event.ImageArrived(request.spec.id(), image, attempt));
        });
        request.fetching.clear();
        if (request.unacknowledged > 0) {
            events.add(new Event.Acknowledged(request.spec.id(), request.unacknowledged));
            request.unacknowledged = 0;
        }
    }

    private void submit() {
        List<PromptRows.Segment> segments = new ArrayList<>();
        int count = 1 + random.nextInt(3);
        for (int i = 0; i < count; i++) {
            if (random.nextInt(3) == 0) {
                segments.add(new PromptRows.Segment.Image(
                        new OpaqueKey(new byte[] {(byte) random.nextInt(2)}), 1 + random.nextInt(4)));
            } else {
                segments.add(new PromptRows.Segment.Tokens(
                        random.ints(1 + random.nextInt(4), 0, VOCABULARY).toArray()));
            }
        }
        PromptRows prompt = new PromptRows(segments);
        int produced = random.nextInt(3) == 0 ? random.nextInt(3) : 0;
        int maxTokens = 1 + random.nextInt(6);
        OpaqueKey salt = new OpaqueKey(new byte[] {(byte) (100 + random.nextInt(2))});
        long deadline = now + (random.nextInt(4) == 0 ? random.nextInt(60) : 1_000_000);
        int[] stops = random.nextInt(3) == 0 ? new int[] {STOP} : new int[0];
        long id = requests.size();
        SequenceSpec fresh = new SequenceSpec(id, prompt, new int[0], maxTokens, stops, salt, deadline);
        int[] answer = model.expected(fresh, produced + maxTokens);
        int[] before = Arrays.copyOf(answer, produced);
        SequenceSpec spec = new SequenceSpec(id, prompt, before, maxTokens, stops, salt, deadline);
        requests.put(id, new LoopRequest(spec, answer));
        events.add(new Event.Submitted(spec));
    }

    private void step() {
        now += 1 + random.nextInt(3);
        List<Event> given = List.copyOf(events);
        events.clear();
        Scheduler.Decision decision = scheduler.step(now, given);
        pool.check();
        parts.actions().apply(decision.actions()).forEach(this::perform);
        for (LoopRequest request : requests.values()) {
            require(
                    request.ending != null || request.spec.deadlineNanos() > now,
                    "Timely: request " + request.spec.id() + " is late");
        }
        paused += scheduler.load().paused();
        decision.step().ifPresent(step -> compute(parts.step().apply(step)));
    }

    private void compute(Step step) {
        long elapsed = 1 + step.prefillRows() + random.nextInt(2);
        now += elapsed;
        sharedSteps += step.parts().size() > 1 ? 1 : 0;
        require(step.prefillRows() <= limits.prefillRows(), "Bounded: " + step.prefillRows() + " prompt rows");
        require(
                step.parts().size() <= limits.maxRunning(),
                "Bounded: " + step.parts().size() + " sequences");
        if (random.nextInt(200) == 0) {
            step.parts().forEach(part -> requests.get(part.id()).failed = true);
            events.addFirst(new Event.StepFailed(new RuntimeException("the engine")));
            return;
        }
        List<Event.Stepped.Sample> samples = new ArrayList<>();
        Map<Long, Throwable> failures = new LinkedHashMap<>();
        for (Step.Part part : step.parts()) {
            LoopRequest request = requests.get(part.id());
            require(request.ending == null, "Frugal: work on a request that has ended");
            for (RowRun run : part.runs()) {
                if (run instanceof RowRun.Image(int image, int _, int _)) {
                    require(request.present.contains(image), "image " + image + " is not there");
                }
            }
            if (random.nextInt(200) == 0) {
                request.failed = true;
                failures.put(part.id(), new RuntimeException("its rows"));
                continue;
            }
            earlyRows += request.fetching.isEmpty() ? 0 : part.rows();
            int token = model.compute(part, request.spec);
            if (part.sample() && random.nextInt(100) == 0) {
                request.failed = true;
                failures.put(part.id(), new RuntimeException("the sampler"));
            } else if (part.sample()) {
                samples.add(new Event.Stepped.Sample(part.id(), token));
            }
        }
        events.addFirst(new Event.Stepped(elapsed, samples, failures));
    }

    private void perform(Action action) {
        LoopRequest request = requests.get(action.id());
        require(request.ending == null, "Terminal-once: " + action + " after " + request.ending);
        switch (action) {
            case Action.Accept(long _, int cachedRows) -> {
                require(!request.accepted, "accepted twice");
                require(cachedRows < request.spec.prompt().rows() + request.spec.produced().length, "all rows cached");
                request.accepted = true;
            }
            case Action.Fetch(long _, int image, int attempt) -> {
                require(
                        limits.keptRows() < ALL_ROWS || !request.seen.contains(image),
                        "Kept: an image is asked for again though there is room for all");
                request.fetching.put(image, attempt);
            }
            case Action.Free(long _, int image) -> {
                require(request.fetching.remove(image) != null || request.present.remove(image), "nothing to free");
            }
            case Action.Deliver(long id, int index, int token) -> {
                require(request.accepted, "token before Accept");
                require(index == request.delivered, "Contiguous: index " + index + " after " + request.delivered);
                require(index < request.expected.length, "Bounded: index " + index);
                require(token == request.expected[index], "Prefix: request " + id + ", token " + index);
                request.delivered++;
                tokens++;
                require(
                        ++request.unacknowledged <= limits.outboxTokens(),
                        "Bounded: " + request.unacknowledged + " unacknowledged");
            }
            case Action.End(long _, Ending ending) -> request.ending = ending;
        }
    }

    /** Checks that the outcome follows from what happened and that the whole answer was delivered. */
    private void explain(LoopRequest request) {
        SequenceSpec spec = request.spec;
        switch (request.ending) {
            case Ending.Stopped(int generated) -> {
                require(generated == request.delivered, "Prefix: tokens missing at the end");
                require(spec.stopsAt(request.expected[generated]), "Explained: stopped at no stop id");
            }
            case Ending.LengthReached(int generated) ->
                require(
                        generated == request.delivered && generated == request.expected.length,
                        "Prefix: tokens missing at the end");
            case Ending.Cancelled() -> require(request.cancelled, "Explained: cancelled");
            case Ending.Expired() -> require(spec.deadlineNanos() <= now, "Explained: expired");
            case Ending.Failed(Throwable _) -> require(request.failed, "Explained: failed");
            case Ending.QueueFull(int waiting) -> require(waiting >= limits.maxWaiting(), "Explained: queue full");
            case Ending.LargerThanPool(int needed, int has) ->
                require(needed > has && has == pool.total() * blockTokens, "Explained: larger than the pool");
        }
    }

    private long unfinished() {
        return requests.values().stream()
                .filter(request -> request.ending == null)
                .count();
    }

    private static void require(boolean holds, String promise) {
        if (!holds) {
            throw new AssertionError(promise);
        }
    }
}
