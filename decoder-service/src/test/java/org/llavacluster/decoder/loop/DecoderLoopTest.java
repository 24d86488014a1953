package org.llavacluster.decoder.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.decoder.kv.BlockPool;
import org.llavacluster.decoder.kv.OpaqueKey;
import org.llavacluster.decoder.kv.PrefixCache;
import org.llavacluster.decoder.scheduler.Ending;
import org.llavacluster.decoder.scheduler.PromptRows;
import org.llavacluster.decoder.scheduler.Scheduler;
import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.decoder.RowRun;
import org.llavacluster.model.decoder.SequenceRows;
import org.llavacluster.model.decoder.StepLogits;
import org.llavacluster.model.sampling.Sampled;
import org.llavacluster.model.sampling.SamplingParams;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.time.SettableClock;

class DecoderLoopTest {

    private static final int VOCABULARY = 100;
    private static final int POISON = 66;
    private static final int BLOCKS = 32;
    private static final long FAR = TimeUnit.HOURS.toNanos(1);

    private final SettableClock clock = new SettableClock();
    private final CountingModel model = new CountingModel();
    private final List<Integer> blocksFree = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private DecoderLoop loop;

    @BeforeEach
    void open() {
        PrefixCache prefixes = new PrefixCache(BLOCKS);
        Scheduler scheduler = new Scheduler(
                new SchedulerLimits(4, 4, 64, 1_000, 64, 8, 0), new BlockPool(BLOCKS, prefixes), prefixes, 4);
        loop = new DecoderLoop(
                scheduler,
                model,
                VOCABULARY,
                8,
                clock,
                new LoopMetrics(
                        metrics, new StageMetrics(metrics, clock, Stage.PREFILL, Stage.DECODE_STEP), scheduler.load()),
                newest -> blocksFree.add(newest.load().blocksFree()),
                () -> {});
        loop.start();
    }

    @AfterEach
    void close() {
        model.go.countDown();
        loop.close();
    }

    @Test
    void shouldReturnTheBlocksOfACancelledRequestBeforeAnotherStep() throws Exception {
        model.holdAt = 3;
        Reader reader = new Reader();
        long id = loop.submit(generation(10, 20), FAR, reader);
        model.held.await(60, TimeUnit.SECONDS);
        loop.cancel(id);
        model.go.countDown();
        assertThat(reader.ending()).isEqualTo(new Ending.Cancelled());
        assertThat(model.steps).hasValue(3);
        loop.close();
        assertThat(blocksFree.getLast()).isEqualTo(BLOCKS);
    }

    @Test
    void shouldCountTheRestOfAStepThatNothingWaitsForAnyMore() throws Exception {
        model.holdAt = 3;
        Reader reader = new Reader();
        long id = loop.submit(generation(10, 20), FAR, reader);
        model.held.await(60, TimeUnit.SECONDS);
        clock.advance(Duration.ofMillis(100));
        loop.cancel(id);
        clock.advance(Duration.ofMillis(40));
        model.go.countDown();
        assertThat(reader.ending()).isEqualTo(new Ending.Cancelled());
        assertThat(abandonedSeconds(Stage.DECODE_STEP)).isEqualTo(0.04);
        assertThat(abandonedSeconds(Stage.PREFILL)).isZero();
    }

    @Test
    void shouldCountNothingForARequestThatWasNotInTheStep() throws Exception {
        model.holdAt = 1;
        Reader first = new Reader();
        loop.submit(generation(10, 3), FAR, first);
        model.held.await(60, TimeUnit.SECONDS);
        Reader left = new Reader();
        loop.cancel(loop.submit(generation(30, 20), FAR, left));
        clock.advance(Duration.ofMillis(40));
        model.go.countDown();
        assertThat(left.ending()).isEqualTo(new Ending.Cancelled());
        assertThat(first.ending()).isEqualTo(new Ending.LengthReached(3));
        assertThat(abandonedSeconds(Stage.DECODE_STEP)).isZero();
        assertThat(abandonedSeconds(Stage.PREFILL)).isZero();
    }

    private double abandonedSeconds(Stage stage) {
        return metrics.get("llava.abandoned.work.seconds")
                .tag("stage", stage.label())
                .counter()
                .count();
    }

    @Test
    void shouldReturnTheBlocksOfAnExpiredRequestBeforeAnotherStep() throws Exception {
        model.holdAt = 3;
        Reader reader = new Reader();
        loop.submit(generation(10, 20), clock.nanoTime() + 1_000, reader);
        model.held.await(60, TimeUnit.SECONDS);
        clock.advance(Duration.ofNanos(1_000));
        model.go.countDown();
        assertThat(reader.ending()).isEqualTo(new Ending.Expired());
        assertThat(model.steps).hasValue(3);
        loop.close();
        assertThat(blocksFree.getLast()).isEqualTo(BLOCKS);
    }

    @Test
    void shouldFailOnlyTheRequestWhoseLogitsAreNotNumbers() throws Exception {
        model.holdAt = 1;
        Reader first = new Reader();
        loop.submit(generation(1, 5), FAR, first);
        model.held.await(60, TimeUnit.SECONDS);
        Reader good = new Reader();
        Reader bad = new Reader();
        loop.submit(generation(20, 5), FAR, good);
        loop.submit(generation(POISON - 2, 5), FAR, bad);
        model.go.countDown();
        assertThat(good.ending()).isEqualTo(new Ending.LengthReached(5));
        assertThat(good.ids).containsExactly(21, 22, 23, 24, 25);
        assertThat(bad.ids).containsExactly(POISON - 1, POISON);
        assertThat(failure(bad.ending())).isInstanceOf(Failure.Internal.class);
    }

    @Test
    void shouldFailOnlyTheRequestThatCannotBeTold() throws Exception {
        Reader deaf = new Reader() {
            @Override
            public void token(int index, Sampled token) {
                throw new IllegalStateException("deaf");
            }
        };
        Reader good = new Reader();
        loop.submit(generation(1, 5), FAR, deaf);
        loop.submit(generation(50, 5), FAR, good);
        assertThat(failure(deaf.ending())).isInstanceOf(Failure.Internal.class);
        assertThat(good.ending()).isEqualTo(new Ending.LengthReached(5));
    }

    @Test
    void shouldCloseImagesThatNobodyWantsAnyMore() throws Exception {
        Reader reader = new Reader();
        long id = loop.submit(generation(1, 1), FAR, reader);
        reader.ending();
        CompletableFuture<Void> closed = new CompletableFuture<>();
        loop.imageArrived(id, 0, 1, new ClosingTensor(closed));
        closed.get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldEndWhatIsLeftWhenItStops() throws Exception {
        model.holdAt = 2;
        Reader reader = new Reader();
        loop.submit(generation(1, 20), FAR, reader);
        model.held.await(60, TimeUnit.SECONDS);
        model.go.countDown();
        loop.close();
        assertThat(reader.ending()).isInstanceOfAny(Ending.Failed.class, Ending.LengthReached.class);
        Reader late = new Reader();
        loop.submit(generation(1, 1), FAR, late);
        assertThat(failure(late.ending())).isInstanceOf(Failure.Unavailable.class);
    }

    private static Generation generation(int lastId, int maxTokens) {
        int[] ids = {0, lastId};
        return new Generation(
                new PromptRows(List.of(new PromptRows.Segment.Tokens(ids))),
                ids,
                new int[0],
                maxTokens,
                new int[0],
                SamplingParams.GREEDY,
                new OpaqueKey(new byte[0]));
    }

    private static Failure failure(Ending ending) {
        return ((FailureException) ((Ending.Failed) ending).cause()).failure();
    }

    private static class Reader implements GenerationListener {

        final List<Integer> ids = new ArrayList<>();
        private final CompletableFuture<Ending> ended = new CompletableFuture<>();

        Ending ending() throws Exception {
            return ended.get(60, TimeUnit.SECONDS);
        }

        @Override
        public void accepted(int cachedRows) {}

        @Override
        public void fetch(int image, int attempt) {}

        @Override
        public void free(int image) {}

        @Override
        public void token(int index, Sampled token) {
            ids.add(token.id());
        }

        @Override
        public void ended(Ending ending) {
            if (!ended.complete(ending)) {
                throw new AssertionError("ended twice");
            }
        }
    }

    /** Generates the id after the last one, and NaN logits after {@link #POISON}. */
    private static final class CountingModel implements StepComputer {

        final AtomicInteger steps = new AtomicInteger();
        final CountDownLatch held = new CountDownLatch(1);
        final CountDownLatch go = new CountDownLatch(1);
        volatile int holdAt = -1;

        @Override
        public StepLogits step(List<SequenceRows> sequences) {
            if (steps.incrementAndGet() == holdAt) {
                held.countDown();
                try {
                    if (!go.await(60, TimeUnit.SECONDS)) {
                        throw new IllegalStateException("held too long");
                    }
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }
            List<float[]> rows = sequences.stream()
                    .filter(SequenceRows::wantsLogits)
                    .map(CountingModel::logits)
                    .toList();
            return new Logits(rows);
        }

        private static float[] logits(SequenceRows sequence) {
            int[] ids = ((RowRun.Ids) sequence.runs().getLast()).ids();
            int last = ids[ids.length - 1];
            float[] logits = new float[VOCABULARY];
            logits[(last + 1) % VOCABULARY] = last == POISON ? Float.NaN : 1;
            return logits;
        }
    }

    private record Logits(List<float[]> rows) implements StepLogits {

        @Override
        public int count() {
            return rows.size();
        }

        @Override
        public int vocabulary() {
            return VOCABULARY;
        }

        @Override
        public MemorySegment row(int i) {
            return MemorySegment.ofArray(rows.get(i));
        }

        @Override
        public void close() {}
    }

    private record ClosingTensor(CompletableFuture<Void> closed) implements HostTensor {

        @Override
        public DType dtype() {
            return DType.F32;
        }

        @Override
        public long[] shape() {
            return new long[] {1, 1};
        }

        @Override
        public MemorySegment bytes() {
            return MemorySegment.NULL;
        }

        @Override
        public void close() {
            closed.complete(null);
        }
    }
}
