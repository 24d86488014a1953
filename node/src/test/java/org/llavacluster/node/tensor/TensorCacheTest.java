package org.llavacluster.node.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.time.SettableClock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.tensor.TensorLayout;

@Timeout(60)
class TensorCacheTest {

    private final SettableClock clock = new SettableClock();
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final TensorCache<String> cache = new TensorCache<>("features", 1000, 3, clock, metrics);

    /** Records its calls. */
    private static final class Told implements TensorWaiter {

        final List<TensorAnswer> answers = new ArrayList<>();
        final CountDownLatch answered = new CountDownLatch(1);
        final long deadlineNanos;
        int pendings;
        /** Whether the calls came in the promised order. */
        boolean inOrder;

        private boolean mayLeave;
        private Runnable onAnswer = () -> {};
        private Runnable onLeave = () -> {};

        Told(long deadlineNanos) {
            this.deadlineNanos = deadlineNanos;
        }

        @Override
        public synchronized void pending() {
            pendings++;
        }

        @Override
        public synchronized void answer(TensorAnswer answer) {
            inOrder |= answers.isEmpty() && pendings > 0 && mayLeave;
            answers.add(answer);
            answered.countDown();
            onAnswer.run();
        }

        @Override
        public long deadlineNanos() {
            return deadlineNanos;
        }

        @Override
        public synchronized void onLeave(Runnable action) {
            onLeave = action;
            mayLeave = true;
        }

        void leave() {
            Runnable action;
            synchronized (this) {
                action = onLeave;
            }
            action.run();
        }

        TensorPin pin() {
            return ((TensorAnswer.Ready) answers.getFirst()).pin();
        }
    }

    private Told told() {
        return new Told(clock.nanoTime() + Duration.ofSeconds(10).toNanos());
    }

    private static CachedTensor tensor(int bytes, Runnable release) {
        TensorLayout layout =
                new TensorLayout(ByteString.copyFromUtf8("k"), DataType.DATA_TYPE_F16, List.of(bytes / 2L));
        return CachedTensor.of(layout, java.lang.foreign.MemorySegment.ofArray(new byte[bytes]), release);
    }

    @Test
    void shouldGoFromAbsentOverPendingToReady() {
        Told early = told();
        cache.find("a", early);
        assertThat(early.answers).containsExactly(new TensorAnswer.Absent());

        PendingTensor pending = cache.begin("a", 400).orElseThrow();
        assertThat(cache.begin("a", 400)).isEmpty();
        Told parked = told();
        cache.find("a", parked);
        assertThat(parked.pendings).isEqualTo(1);
        assertThat(parked.answers).isEmpty();
        assertThat(cache.bytes()).isEqualTo(400);

        CachedTensor tensor = tensor(300, () -> {});
        pending.complete(tensor);
        assertThat(parked.pin().tensor()).isSameAs(tensor);
        assertThat(cache.bytes()).isEqualTo(300);
        Told late = told();
        cache.find("a", late);
        assertThat(late.pin().tensor()).isSameAs(tensor);
        assertThat(late.pendings).isZero();
        assertThat(metrics.get("llava.tensor.cache.pinned").gauge().value()).isEqualTo(1);
        assertThat(metrics.get("llava.tensor.cache.hits").counter().count()).isEqualTo(2);
        assertThat(metrics.get("llava.tensor.cache.misses").counter().count()).isEqualTo(1);
    }

    @Test
    void shouldGiveEachWaiterTheEndOfTheMaking() {
        PendingTensor pending = cache.begin("a", 10).orElseThrow();
        Told waiter = told();
        cache.find("a", waiter);
        Failure failure = new Failure.Invalid("image", "cannot be read");
        pending.fail(failure);
        pending.absent();
        assertThat(waiter.answers).containsExactly(new TensorAnswer.Failed(failure));
        assertThat(cache.contains("a")).isFalse();
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void shouldBoundWaitersAndTheirTime() {
        PendingTensor pending = cache.begin("a", 10).orElseThrow();
        List<Told> parked = List.of(told(), told(), told());
        parked.forEach(waiter -> cache.find("a", waiter));
        Told one = told();
        cache.find("a", one);
        assertThat(one.answers)
                .containsExactly(new TensorAnswer.Failed(new Failure.Overloaded(
                        "the limit of 3 pulls that wait for tensors is reached", Duration.ofMillis(200))));
        clock.advance(Duration.ofSeconds(11));
        Told other = told();
        cache.find("b", other);
        assertThat(parked).allSatisfy(waiter -> assertThat(waiter.answers)
                .containsExactly(new TensorAnswer.Failed(new Failure.Expired("the deadline is over"))));
        pending.absent();
    }

    @Test
    void shouldSayPendingBeforeTheAnswerOfATensorThatBecomesReadyMeanwhile() {
        PendingTensor pending = cache.begin("a", 10).orElseThrow();
        Told expired = told();
        cache.find("a", expired);
        // Runs after the next waiter is parked and before that waiter gets its first call.
        expired.onAnswer = () -> pending.complete(tensor(10, () -> {}));
        clock.advance(Duration.ofSeconds(11));

        Told meanwhile = told();
        cache.find("a", meanwhile);

        assertThat(expired.answers).hasSize(1);
        assertThat(meanwhile.pendings).isEqualTo(1);
        assertThat(meanwhile.answers).hasSize(1);
        assertThat(meanwhile.inOrder).isTrue();
        assertThat(cache.bytes()).isEqualTo(10);
    }

    @Test
    void shouldReleaseAnEvictedTensorOnceAndNeverUnderAPin() {
        AtomicInteger released = new AtomicInteger();
        cache.begin("a", 600).orElseThrow().complete(tensor(600, released::incrementAndGet));
        Told sending = told();
        cache.find("a", sending);
        assertThatThrownBy(() -> cache.begin("b", 600))
                .isInstanceOfSatisfying(
                        FailureException.class, e -> assertThat(e.failure()).isInstanceOf(Failure.Overloaded.class));
        assertThat(released).hasValue(0);
        sending.pin().close();
        sending.pin().close();
        cache.begin("b", 600).orElseThrow().complete(tensor(600, released::incrementAndGet));
        assertThat(released).hasValue(1);
        cache.close();
        assertThat(released).hasValue(2);
    }

    @Test
    void shouldStopTheMakingWhenTheLastWaiterLeaves() {
        AtomicInteger stopped = new AtomicInteger();
        AtomicInteger released = new AtomicInteger();
        Told waiter = told();
        PendingTensor pending = cache.findOrBegin("a", 10, waiter).orElseThrow();
        Told second = told();
        assertThat(cache.findOrBegin("a", 10, second)).isEmpty();
        pending.onAbandoned(stopped::incrementAndGet);
        waiter.leave();
        assertThat(stopped).hasValue(0);
        assertThat(pending.isWanted()).isTrue();
        second.leave();
        assertThat(stopped).hasValue(1);
        assertThat(pending.isWanted()).isFalse();
        // Its successor is another pending tensor; what the first one still computes is discarded.
        Told next = told();
        Optional<PendingTensor> again = cache.findOrBegin("a", 10, next);
        assertThat(again).isPresent();
        pending.complete(tensor(10, released::incrementAndGet));
        assertThat(released).hasValue(1);
        assertThat(next.answers).isEmpty();
        again.get().complete(tensor(10, released::incrementAndGet));
        assertThat(next.answers).hasSize(1);
    }

    @Test
    void shouldRefuseATensorLargerThanItsRoom() {
        Told waiter = told();
        PendingTensor pending = cache.findOrBegin("a", 10, waiter).orElseThrow();
        AtomicInteger released = new AtomicInteger();
        CachedTensor large = tensor(12, released::incrementAndGet);
        assertThatThrownBy(() -> pending.complete(large)).hasMessageContaining("12 bytes, with room for 10");
        assertThat(released).hasValue(1);
        assertThat(waiter.answers)
                .singleElement()
                .isInstanceOfSatisfying(TensorAnswer.Failed.class, failed -> assertThat(failed.failure())
                        .isInstanceOf(Failure.Internal.class));
        assertThat(cache.bytes()).isZero();
    }

    @Test
    void shouldMakeOnceForManyThreads() throws Exception {
        int threads = 3;
        for (int round = 0; round < 200; round++) {
            String key = "round " + round;
            CyclicBarrier barrier = new CyclicBarrier(threads);
            AtomicInteger makings = new AtomicInteger();
            List<Told> waiters = List.of(told(), told(), told());
            List<Thread> running = new ArrayList<>();
            for (Told waiter : waiters) {
                running.add(Thread.ofVirtual().start(() -> {
                    try {
                        barrier.await();
                    } catch (Exception e) {
                        throw new IllegalStateException(e);
                    }
                    cache.findOrBegin(key, 100, waiter).ifPresent(pending -> {
                        makings.incrementAndGet();
                        pending.complete(tensor(100, () -> {}));
                    });
                }));
            }
            for (Thread thread : running) {
                thread.join();
            }
            for (Told waiter : waiters) {
                waiter.answered.await();
                waiter.pin().close();
            }
            assertThat(makings).hasValue(1);
            assertThat(cache.bytes()).isLessThanOrEqualTo(1000);
        }
    }
}
