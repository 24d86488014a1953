package org.llavacluster.decoder.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.llavacluster.decoder.kv.BlockPool;
import org.llavacluster.decoder.kv.OpaqueKey;
import org.llavacluster.decoder.kv.PrefixCache;

/**
 * Holds the limits {@code DecoderProperties.MAX_RUNNING}, {@code DecoderProperties.MAX_WAITING}, {@code
 * DecoderProperties.KEPT_IMAGE_BYTES} and {@code FixedLimits.OUTBOX_TOKENS}.
 */
class SchedulerTest {

    private static final int BLOCK_TOKENS = 4;
    private static final long FOREVER = 1_000_000_000_000L;
    private static final OpaqueKey SALT = new OpaqueKey(new byte[0]);
    private static final OpaqueKey IMAGE = new OpaqueKey(new byte[] {1});

    private BlockPool pool;
    private Scheduler scheduler;
    private Scheduler.Decision decision;
    private long now;

    @Test
    void shouldDecodeAllStreamsInOneStep() {
        open(16, new SchedulerLimits(4, 4, 64, 1, 8, 8, 0));
        step(submit(1, text(3), 4), submit(2, text(5), 4), submit(3, text(7), 4));
        assertThat(rows()).containsExactly("1: 0+3*", "2: 0+5*", "3: 0+7*");
        step(sampled());
        assertThat(rows()).containsExactly("1: 3+1*", "2: 5+1*", "3: 7+1*");
    }

    @Test
    void shouldReadALongPromptInChunksWhileOthersStream() {
        open(32, new SchedulerLimits(4, 4, 16, 1_000, 8, 8, 0));
        step(submit(1, text(4), 8));
        assertThat(rows()).containsExactly("1: 0+4*");
        // 100 ns for each of the 4 rows: 10 fit the time while another streams.
        step(sampledIn(400), submit(2, other(40), 8));
        assertThat(rows()).containsExactly("1: 4+1*", "2: 0+10");
    }

    @Test
    void shouldBoundPromptRowsByTimeOnlyWhileOthersStream() {
        open(32, new SchedulerLimits(4, 4, 16, 1_000, 8, 8, 0));
        step(submit(1, text(4), 1));
        step(sampledIn(400), submit(2, other(40), 8));
        assertThat(rows()).containsExactly("2: 0+16");
    }

    @Test
    void shouldReadThePromptUpToTheFirstImageThatIsNotThere() {
        open(32, new SchedulerLimits(4, 4, 16, 1_000, 8, 8, 0));
        step(submit(1, List.of(tokens(3), new PromptRows.Segment.Image(IMAGE, 6), tokens(2)), 4));
        assertThat(decision.actions()).contains(new Action.Fetch(1, 0, 1));
        assertThat(rows()).containsExactly("1: 0+3");
        step(sampled());
        assertThat(rows()).isEmpty();
        step(new Event.ImageArrived(1, 0, 1));
        assertThat(rows()).containsExactly("1: 3+8*");
        step(sampled());
        assertThat(decision.actions()).contains(new Action.Free(1, 0));
    }

    @Test
    void shouldPreferPromptsThatAreCompleteToEarlyOnes() {
        open(32, new SchedulerLimits(4, 4, 8, 1_000, 8, 8, 0));
        step(submit(1, List.of(tokens(6), new PromptRows.Segment.Image(IMAGE, 6)), 4), submit(2, text(6), 4));
        assertThat(rows()).containsExactly("2: 0+6*", "1: 0+2");
    }

    @Test
    void shouldComputeOnlyWhatFollowsACachedPrefix() {
        open(32, new SchedulerLimits(4, 4, 64, 1_000, 8, 8, 0));
        step(submit(1, List.of(new PromptRows.Segment.Image(IMAGE, 8), tokens(3)), 1));
        step(new Event.ImageArrived(1, 0, 1));
        step(sampled());
        step(submit(2, List.of(new PromptRows.Segment.Image(IMAGE, 8), tokens(5)), 1));
        assertThat(decision.actions()).containsExactly(new Action.Accept(2, 8));
        assertThat(rows()).containsExactly("2: 8+5*");
    }

    @Test
    void shouldShareThePrefixWithARequestThatIsStillRunning() {
        open(32, new SchedulerLimits(4, 4, 8, 1_000, 8, 8, 0));
        step(submit(1, text(12), 4), submit(2, text(12), 4));
        assertThat(rows()).containsExactly("1: 0+8");
        step(sampled());
        // The second sequence adopts what the first has computed in the meantime.
        assertThat(rows()).containsExactly("1: 8+4*", "2: 8+4*");
    }

    @Test
    void shouldPreemptTheYoungestWhenTheBlocksRunOutAndGoOnLater() {
        open(4, new SchedulerLimits(4, 4, 64, 1_000, 100, 1, 0));
        step(submit(1, text(4), 12), submit(2, other(4), 12));
        List<String> seen = new ArrayList<>(rows());
        int firstRun = 0;
        for (int i = 0; i < 60 && decision.step().isPresent(); i++) {
            firstRun += decision.step().get().parts().size() == 2 ? 1 : 0;
            step(sampled());
            seen.addAll(rows());
        }
        assertThat(firstRun).isPositive();
        assertThat(scheduler.load().preemptions()).isPositive();
        assertThat(ended)
                .containsExactly(
                        new Action.End(1, new Ending.LengthReached(12)),
                        new Action.End(2, new Ending.LengthReached(12)));
        assertThat(delivered(2)).isEqualTo(IntStream.range(0, 12).boxed().toList());
        assertThat(pool.used()).isZero();
    }

    @Test
    void shouldPauseAStreamWhoseReaderLagsAndResumeIt() {
        open(32, new SchedulerLimits(4, 4, 64, 1_000, 2, 8, 0));
        step(submit(1, text(4), 8), submit(2, other(4), 8));
        step(sampled(), new Event.Acknowledged(2, 1));
        step(sampled(), new Event.Acknowledged(2, 1));
        assertThat(rows()).containsExactly("2: 5+1*");
        step(sampled(), new Event.Acknowledged(2, 1), new Event.Acknowledged(1, 2));
        assertThat(rows()).containsExactly("1: 5+1*", "2: 6+1*");
    }

    @Test
    void shouldGiveTheBlocksOfAPausedStreamToOneThatWaits() {
        open(4, new SchedulerLimits(4, 4, 64, 1_000, 1, 8, 0));
        step(submit(1, text(8), 8));
        step(sampled());
        assertThat(rows()).isEmpty();
        step(submit(2, other(8), 8));
        assertThat(rows()).containsExactly("2: 0+8*");
    }

    @Test
    void shouldGiveThePlaceOfOneWhoseImageIsMissingToOneThatCanBeComputed() {
        open(32, new SchedulerLimits(1, 4, 64, 1_000, 8, 8, 0));
        step(submit(1, List.of(tokens(5), new PromptRows.Segment.Image(IMAGE, 6), tokens(2)), 4));
        assertThat(rows()).containsExactly("1: 0+5");
        step(sampled(), submit(2, other(3), 2));
        assertThat(rows()).containsExactly("2: 0+3*");
        assertThat(scheduler.load().waiting()).isEqualTo(1);
        // The image is not asked for a second time, and what was computed is in the prefix cache.
        step(sampled(), new Event.ImageArrived(1, 0, 1));
        assertThat(rows()).containsExactly("2: 3+1*");
        step(sampled());
        assertThat(decision.actions()).noneMatch(Action.Fetch.class::isInstance);
        assertThat(rows()).containsExactly("1: 4+9*");
        step(sampled());
        assertThat(decision.actions()).contains(new Action.Free(1, 0));
    }

    @Test
    void shouldGiveTheBlocksOfThoseWhoseImagesAreMissingToOneThatCanBeComputed() {
        open(8, new SchedulerLimits(4, 4, 64, 1_000, 8, 8, 0));
        OpaqueKey second = new OpaqueKey(new byte[] {2});
        step(
                submit(1, List.of(new PromptRows.Segment.Image(IMAGE, 10), tokens(2)), 4),
                submit(2, List.of(new PromptRows.Segment.Image(second, 10), tokens(2)), 4));
        assertThat(rows()).isEmpty();
        step(submit(3, other(8), 8));
        assertThat(rows()).containsExactly("3: 0+8*");
        // Preempting the youngest was enough.
        step(sampled(), new Event.ImageArrived(1, 0, 1));
        assertThat(rows()).containsExactly("3: 8+1*", "1: 0+12*");
    }

    @Test
    void shouldNotTakeThePlaceOfOneWhoseImageIsMissingForAnotherThatWouldStall() {
        open(32, new SchedulerLimits(1, 4, 64, 1_000, 8, 8, 0));
        step(submit(1, List.of(new PromptRows.Segment.Image(IMAGE, 6), tokens(2)), 4));
        step(submit(2, List.of(new PromptRows.Segment.Image(new OpaqueKey(new byte[] {2}), 6), tokens(2)), 4));
        assertThat(rows()).isEmpty();
        assertThat(decision.actions()).isEmpty();
        step(new Event.ImageArrived(1, 0, 1));
        assertThat(rows()).containsExactly("1: 0+8*");
    }

    @Test
    void shouldRefuseWhatDoesNotFitTheQueueOrThePool() {
        open(4, new SchedulerLimits(1, 1, 64, 1_000, 8, 8, 0));
        step(submit(1, text(4), 4), submit(2, text(4), 4), submit(3, text(4), 4), submit(4, text(16), 2));
        assertThat(ended)
                .containsExactly(
                        new Action.End(3, new Ending.QueueFull(1)),
                        new Action.End(4, new Ending.LargerThanPool(17, 16)));
    }

    @Test
    void shouldNotLetOthersOvertakeTheOneThatWaitsLongest() {
        open(4, new SchedulerLimits(4, 4, 64, 1_000, 8, 8, 0));
        step(submit(1, text(4), 8), submit(2, other(12), 4), submit(3, text(1), 1));
        assertThat(rows()).containsExactly("1: 0+4*");
        assertThat(scheduler.load().waiting()).isEqualTo(2);
    }

    @Test
    void shouldFreeTheBlocksOfCancelledAndExpiredRequestsInTheSameStep() {
        open(16, new SchedulerLimits(4, 4, 64, 1_000, 8, 8, 0));
        step(submit(1, text(4), 8), submit(2, other(4), 8, 50), submit(3, text(6), 8));
        assertThat(decision.waitNanos()).isEqualTo(50);
        now = 50;
        step(sampled(), new Event.Cancelled(1), new Event.Failed(3, new IllegalStateException("alone")));
        assertThat(ended)
                .hasSize(3)
                .contains(new Action.End(1, new Ending.Cancelled()), new Action.End(2, new Ending.Expired()));
        assertThat(decision.step()).isEmpty();
        assertThat(pool.used()).isZero();
        assertThat(pool.unreserved()).isEqualTo(16);
        assertThat(decision.waitNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void shouldCountTokensOfEarlierAttemptsAsGenerated() {
        open(16, new SchedulerLimits(4, 4, 64, 1_000, 8, 8, 0));
        SequenceSpec resumed =
                new SequenceSpec(1, new PromptRows(text(4)), new int[] {5, 6}, 1, new int[0], SALT, FOREVER);
        step(new Event.Submitted(resumed));
        assertThat(rows()).containsExactly("1: 0+6*");
        step(sampled());
        assertThat(decision.actions())
                .containsExactly(new Action.Deliver(1, 2, 42), new Action.End(1, new Ending.LengthReached(3)));
    }

    @Test
    void shouldNotDeliverTheStopIdNorCountIt() {
        open(16, new SchedulerLimits(4, 4, 64, 1_000, 8, 8, 0));
        step(new Event.Submitted(
                new SequenceSpec(1, new PromptRows(text(4)), new int[0], 5, new int[] {7, 42}, SALT, FOREVER)));
        step(sampled());
        assertThat(decision.actions()).containsExactly(new Action.End(1, new Ending.Stopped(0)));
    }

    @Test
    void shouldFailTheWholeStepThatBrokeAndNobodyElse() {
        open(16, new SchedulerLimits(4, 4, 8, 1_000, 8, 8, 0));
        step(submit(1, text(8), 4), submit(2, other(4), 4));
        assertThat(rows()).containsExactly("1: 0+8*");
        step(new Event.StepFailed(new IllegalStateException("the engine")));
        assertThat(ended).singleElement().satisfies(end -> assertThat(end.id()).isEqualTo(1));
        assertThat(rows()).containsExactly("2: 0+4*");
    }

    @Test
    void shouldNotGoOnWithoutTheOutcomeOfAStep() {
        open(16, new SchedulerLimits(4, 4, 8, 1_000, 8, 8, 0));
        step(submit(1, text(8), 4));
        assertThatThrownBy(() -> scheduler.step(now, List.of())).isInstanceOf(IllegalStateException.class);
    }

    /** The image of the younger one is gone once it is computed: only with it kept can the younger one give way. */
    @Test
    void shouldPreemptASequenceThatKeepsItsImage() {
        open(4, new SchedulerLimits(4, 4, 64, 1_000, 100, 1, 4));
        streamBesideAnImage();
        assertThat(scheduler.load().preemptions()).isPositive();
        assertThat(fetches).containsExactly(new Action.Fetch(2, 0, 1));
        assertThat(prefills(1)).isEqualTo(1);
        assertThat(prefills(2)).isGreaterThan(1);
    }

    @Test
    void shouldPreemptAnOlderSequenceInPlaceOfOneThatLacksItsImage() {
        open(4, new SchedulerLimits(4, 4, 64, 1_000, 100, 1, 3));
        streamBesideAnImage();
        assertThat(scheduler.load().preemptions()).isPositive();
        assertThat(fetches).containsExactly(new Action.Fetch(2, 0, 1));
        assertThat(prefills(1)).isGreaterThan(1);
        assertThat(prefills(2)).isEqualTo(1);
    }

    @Test
    void shouldAskForTheImageAgainWhereEverySequenceLacksIts() {
        open(4, new SchedulerLimits(4, 4, 64, 1_000, 100, 1, 0));
        OpaqueKey second = new OpaqueKey(new byte[] {2});
        step(
                submit(1, List.of(new PromptRows.Segment.Image(IMAGE, 4)), 12),
                submit(2, List.of(new PromptRows.Segment.Image(second, 4)), 12));
        step(new Event.ImageArrived(1, 0, 1), new Event.ImageArrived(2, 0, 1));
        run();
        assertThat(fetches).contains(new Action.Fetch(1, 0, 1), new Action.Fetch(2, 0, 1), new Action.Fetch(2, 0, 2));
    }

    /**
     * A text of four rows, and after it an image of four rows; both generate twelve tokens, for which there is no room
     * together.
     */
    private void streamBesideAnImage() {
        step(submit(1, other(4), 12), submit(2, List.of(new PromptRows.Segment.Image(IMAGE, 4)), 12));
        seen.addAll(rows());
        step(sampled(), new Event.ImageArrived(2, 0, 1));
        run();
    }

    /** Until all have ended; images that are asked for again arrive at once. */
    private void run() {
        seen.addAll(rows());
        for (int i = 0; i < 100 && (decision.step().isPresent() || !fetched.isEmpty()); i++) {
            List<Event> events = new ArrayList<>();
            decision.step().ifPresent(_ -> events.add(sampled()));
            fetched.stream()
                    .filter(fetch -> fetch.attempt() > 1)
                    .map(fetch -> new Event.ImageArrived(fetch.id(), fetch.image(), fetch.attempt()))
                    .forEach(events::add);
            fetched.clear();
            step(events.toArray(Event[]::new));
            seen.addAll(rows());
        }
        assertThat(ended)
                .containsExactlyInAnyOrder(
                        new Action.End(1, new Ending.LengthReached(12)),
                        new Action.End(2, new Ending.LengthReached(12)));
        assertThat(pool.used()).isZero();
    }

    /** How often the first row of the sequence was computed. */
    private long prefills(long id) {
        return seen.stream().filter(part -> part.startsWith(id + ": 0+")).count();
    }

    private final List<String> seen = new ArrayList<>();
    private final List<Action.Fetch> fetches = new ArrayList<>();
    private final List<Action.Fetch> fetched = new ArrayList<>();
    private final List<Action.End> ended = new ArrayList<>();
    private final List<Action.Deliver> deliveries = new ArrayList<>();

    private void open(int blocks, SchedulerLimits limits) {
        PrefixCache prefixes = new PrefixCache(blocks);
        pool = new BlockPool(blocks, prefixes);
        scheduler = new Scheduler(limits, pool, prefixes, BLOCK_TOKENS);
    }

    private void step(Event... events) {
        decision = scheduler.step(now, List.of(events));
        pool.check();
        for (Action action : decision.actions()) {
            switch (action) {
                case Action.End end -> ended.add(end);
                case Action.Deliver deliver -> deliveries.add(deliver);
                case Action.Fetch fetch -> {
                    fetches.add(fetch);
                    fetched.add(fetch);
                }
                case Action.Accept _, Action.Free _ -> {}
            }
        }
    }

    /** The parts of the step as "id: start+rows", with a star if a token is sampled. */
    private List<String> rows() {
        return decision.step().stream()
                .flatMap(step -> step.parts().stream())
                .map(part -> part.id() + ": " + part.start() + "+" + part.rows() + (part.sample() ? "*" : ""))
                .toList();
    }

    private List<Integer> delivered(long id) {
        return deliveries.stream()
                .filter(d -> d.id() == id)
                .map(Action.Deliver::index)
                .toList();
    }

    private Event sampled() {
        return sampledIn(1);
    }

    /** The outcome of the step in flight after that time; every sample is 42. */
    private Event sampledIn(long nanos) {
        List<Event.Stepped.Sample> samples = decision.step().orElseThrow().parts().stream()
                .filter(Step.Part::sample)
                .map(part -> new Event.Stepped.Sample(part.id(), 42))
                .toList();
        return new Event.Stepped(nanos, samples, Map.of());
    }

    private static Event submit(long id, List<PromptRows.Segment> prompt, int maxTokens) {
        return submit(id, prompt, maxTokens, FOREVER);
    }

    private static Event submit(long id, List<PromptRows.Segment> prompt, int maxTokens, long deadline) {
        return new Event.Submitted(
                new SequenceSpec(id, new PromptRows(prompt), new int[0], maxTokens, new int[0], SALT, deadline));
    }

    private static List<PromptRows.Segment> text(int ids) {
        return List.of(tokens(ids));
    }

    /** A prompt that shares no prefix with {@link #text}. */
    private static List<PromptRows.Segment> other(int ids) {
        int[] all = new int[ids];
        Arrays.fill(all, 99);
        return List.of(new PromptRows.Segment.Tokens(all));
    }

    private static PromptRows.Segment tokens(int ids) {
        return new PromptRows.Segment.Tokens(IntStream.range(0, ids).toArray());
    }
}
