package org.llavacluster.node.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.proto.tensor.TensorMethods;

@Timeout(60)
class TensorPullTest {

    /** Counts allocations and frees of native memory. */
    private static final class NativeAllocator implements TensorAllocator {

        final Arena arena = Arena.ofShared();
        final AtomicInteger held = new AtomicInteger();

        @Override
        public MemorySegment allocate(TensorLayout layout) {
            held.incrementAndGet();
            return arena.allocate(layout.byteSize());
        }

        @Override
        public void free(MemorySegment memory) {
            held.decrementAndGet();
        }
    }

    @ParameterizedTest
    @CsvSource({"DATA_TYPE_F16, 576, 4718592", "DATA_TYPE_F32, 576, 9437184", "DATA_TYPE_F32, 1, 16384"})
    void shouldPullATensorIntact(DataType dataType, int rows, int bytes) throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CachedTensor sent = PullRig.tensor(dataType, rows, 7, released::countDown);
        NativeAllocator allocator = new NativeAllocator();
        try (PullRig rig = new PullRig((_, waiter) -> waiter.answer(new TensorAnswer.Ready(new SolePin(sent))))) {
            PullOutcome outcome =
                    rig.pull(PullRig.expected(dataType), allocator).outcome().get();
            assertThat(outcome).isInstanceOf(PullOutcome.Ready.class);
            PullOutcome.Ready ready = (PullOutcome.Ready) outcome;
            assertThat(ready.layout()).isEqualTo(sent.layout());
            assertThat(ready.bytes().byteSize()).isEqualTo(bytes);
            assertThat(ready.bytes().mismatch(sent.bytes())).isEqualTo(-1);
            released.await();
        }
        allocator.arena.close();
    }

    /** The in-process transport passes on the sender's memory itself, which must not be read after its release. */
    @Test
    void shouldPullInProcessBeforeTheMemoryIsReleased() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        CachedTensor heap = PullRig.tensor(DataType.DATA_TYPE_F16, 576, 13, () -> {});
        byte[] original = heap.bytes().toArray(ValueLayout.JAVA_BYTE);
        CachedTensor sent = CachedTensor.of(heap.layout(), heap.bytes(), () -> {
            heap.bytes().fill((byte) 0);
            released.countDown();
        });
        TensorSender<PullFeaturesRequest> sender = new TensorSender<>(
                (_, waiter) -> waiter.answer(new TensorAnswer.Ready(new SolePin(sent))), Clock.SYSTEM);
        Server server = InProcessServerBuilder.forName("tensors")
                .addService(TensorSender.serve(
                        new VisionGrpc.VisionImplBase() {}.bindService(), TensorMethods.PULL_FEATURES, sender))
                .build()
                .start();
        ManagedChannel channel = InProcessChannelBuilder.forName("tensors").build();
        try {
            PullOutcome outcome = TensorPuller.pull(
                            channel,
                            TensorMethods.PULL_FEATURES,
                            within(60_000),
                            PullFeaturesRequest.getDefaultInstance(),
                            PullRig.expected(DataType.DATA_TYPE_F16),
                            TensorAllocator.heap())
                    .outcome()
                    .get();
            assertThat(outcome).isInstanceOfSatisfying(PullOutcome.Ready.class, ready -> assertThat(
                            ready.bytes().toArray(ValueLayout.JAVA_BYTE))
                    .isEqualTo(original));
            released.await();
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }

    @Test
    void shouldPullFromNativeMemoryIntoAnArray() throws Exception {
        try (Arena arena = Arena.ofShared()) {
            CachedTensor heap = PullRig.tensor(DataType.DATA_TYPE_BF16, 576, 8, () -> {});
            MemorySegment bytes = arena.allocate(heap.bytes().byteSize()).copyFrom(heap.bytes());
            CachedTensor sent = CachedTensor.of(heap.layout(), bytes, () -> {});
            try (PullRig rig = new PullRig((_, waiter) -> waiter.answer(new TensorAnswer.Ready(new SolePin(sent))))) {
                PullOutcome outcome = rig.pull(PullRig.expected(DataType.DATA_TYPE_BF16), TensorAllocator.heap())
                        .outcome()
                        .get();
                assertThat(((PullOutcome.Ready) outcome).bytes().toArray(ValueLayout.JAVA_BYTE))
                        .isEqualTo(heap.bytes().toArray(ValueLayout.JAVA_BYTE));
            }
        }
    }

    @Test
    void shouldWaitWhileTheTensorIsPending() throws Exception {
        CachedTensor sent = PullRig.tensor(DataType.DATA_TYPE_F32, 3, 9, () -> {});
        CountDownLatch asked = new CountDownLatch(1);
        TensorWaiter[] parked = new TensorWaiter[1];
        try (PullRig rig = new PullRig((_, waiter) -> {
            waiter.pending();
            waiter.pending();
            parked[0] = waiter;
            asked.countDown();
        })) {
            TensorPull pull = rig.pull(PullRig.expected(DataType.DATA_TYPE_F32), TensorAllocator.heap());
            asked.await();
            assertThat(pull.outcome()).isNotDone();
            parked[0].answer(new TensorAnswer.Ready(new SolePin(sent)));
            assertThat(pull.outcome().get()).isInstanceOf(PullOutcome.Ready.class);
        }
    }

    @Test
    void shouldTellRefusalsAndFailures() throws Exception {
        assertThat(outcomeOf(new TensorAnswer.Absent())).isEqualTo(new PullOutcome.Absent());
        assertThat(outcomeOf(new TensorAnswer.WrongRevision())).isEqualTo(new PullOutcome.WrongRevision());
        Failure overloaded = new Failure.Overloaded("no room", java.time.Duration.ofMillis(250));
        assertThat(outcomeOf(new TensorAnswer.Failed(overloaded))).isEqualTo(new PullOutcome.Failed(overloaded));
    }

    private static PullOutcome outcomeOf(TensorAnswer answer) throws Exception {
        try (PullRig rig = new PullRig((_, waiter) -> waiter.answer(answer))) {
            return rig.pull(PullRig.expected(DataType.DATA_TYPE_F32), TensorAllocator.heap())
                    .outcome()
                    .get();
        }
    }

    /** A pull that receives the header and two chunks, and then nothing. */
    private static final class HalfATensor implements AutoCloseable {

        final CountDownLatch allocated = new CountDownLatch(1);
        final CountDownLatch released = new CountDownLatch(1);
        final AtomicInteger held = new AtomicInteger();
        final PullRig rig;
        final TensorPull pull;

        HalfATensor(CallOptions options) {
            CachedTensor sent = PullRig.tensor(DataType.DATA_TYPE_F32, 576, 10, released::countDown);
            rig = new PullRig(
                    (_, waiter) -> waiter.answer(new TensorAnswer.Ready(new SolePin(sent))), PullRig.silentAfter(3));
            pull = rig.pull(
                    PullRig.expected(DataType.DATA_TYPE_F32),
                    new TensorAllocator() {
                        @Override
                        public MemorySegment allocate(TensorLayout layout) {
                            held.incrementAndGet();
                            allocated.countDown();
                            return MemorySegment.ofArray(new byte[(int) layout.byteSize()]);
                        }

                        @Override
                        public void free(MemorySegment memory) {
                            held.decrementAndGet();
                        }
                    },
                    options);
        }

        void assertFailed(Class<? extends Failure> kind) throws Exception {
            assertThat(pull.outcome().get())
                    .isInstanceOfSatisfying(PullOutcome.Failed.class, failed -> assertThat(failed.failure())
                            .isInstanceOf(kind));
            assertThat(held).hasValue(0);
            released.await();
        }

        @Override
        public void close() {
            rig.close();
        }
    }

    private static CallOptions within(long millis) {
        return CallOptions.DEFAULT.withDeadlineAfter(millis, TimeUnit.MILLISECONDS);
    }

    @Test
    void shouldFreeBothSidesWhenThePullIsCancelled() throws Exception {
        try (HalfATensor half = new HalfATensor(within(60_000))) {
            half.allocated.await();
            assertThat(half.released.getCount()).as("pinned while it is sent").isEqualTo(1);
            half.pull.cancel();
            half.assertFailed(Failure.Cancelled.class);
        }
    }

    @Test
    void shouldFreeBothSidesWhenTheContextIsCancelled() throws Exception {
        try (io.grpc.Context.CancellableContext context =
                        io.grpc.Context.current().withCancellation();
                HalfATensor half = context.call(() -> new HalfATensor(within(60_000)))) {
            half.allocated.await();
            context.cancel(null);
            half.assertFailed(Failure.Cancelled.class);
        }
    }

    /**
     * The pull ends at its deadline. If that passes before the tensor begins to arrive, as on a busy machine, a longer
     * one is tried.
     */
    @Test
    void shouldEndAtTheDeadlineWhenTheSenderFallsSilent() throws Exception {
        boolean began = false;
        for (long millis = 250; !began; millis *= 2) {
            try (HalfATensor half = new HalfATensor(within(millis))) {
                half.pull.outcome().get();
                began = half.allocated.getCount() == 0;
                if (began) {
                    half.assertFailed(Failure.Expired.class);
                }
            }
        }
    }

    @Test
    void shouldFailWithUnavailableWhenTheServerDiesInTheMiddle() throws Exception {
        try (HalfATensor half = new HalfATensor(within(60_000))) {
            half.allocated.await();
            half.rig.server.stop();
            half.assertFailed(Failure.Unavailable.class);
        }
    }

    @Test
    void shouldEndAtTheDeadlineAndLetTheWaiterLeave() throws Exception {
        boolean asked = false;
        for (long millis = 250; !asked; millis *= 2) {
            asked = endsAtTheDeadline(millis);
        }
    }

    /** False if the deadline passed before the sender was asked. */
    private static boolean endsAtTheDeadline(long millis) throws Exception {
        CountDownLatch left = new CountDownLatch(1);
        CountDownLatch lateReleased = new CountDownLatch(1);
        AtomicReference<TensorWaiter> parked = new AtomicReference<>();
        try (PullRig rig = new PullRig((_, waiter) -> {
            parked.set(waiter);
            waiter.pending();
            waiter.onLeave(left::countDown);
        })) {
            PullOutcome outcome = rig.pull(
                            PullRig.expected(DataType.DATA_TYPE_F32), TensorAllocator.heap(), within(millis))
                    .outcome()
                    .get();
            assertThat(outcome).isInstanceOfSatisfying(PullOutcome.Failed.class, failed -> assertThat(failed.failure())
                    .isInstanceOf(Failure.Expired.class));
            if (parked.get() == null) {
                return false;
            }
            left.await();
            CachedTensor late = PullRig.tensor(DataType.DATA_TYPE_F32, 1, 11, lateReleased::countDown);
            parked.get().answer(new TensorAnswer.Ready(new SolePin(late)));
            lateReleased.await();
            return true;
        }
    }

    @Test
    void shouldRefuseAPullWithoutDeadlineOnTheServer() throws Exception {
        var call = new java.util.concurrent.CompletableFuture<Failure>();
        try (PullRig rig = new PullRig((_, _) -> {
            throw new FailureException(new Failure.NotFound("must not be asked"));
        })) {
            io.grpc.stub.ClientCalls.asyncServerStreamingCall(
                    rig.channel.newCall(org.llavacluster.proto.tensor.TensorMethods.PULL_FEATURES, CallOptions.DEFAULT),
                    org.llavacluster.proto.cluster.v1.PullFeaturesRequest.getDefaultInstance(),
                    new io.grpc.stub.StreamObserver<org.llavacluster.proto.tensor.TensorFrame>() {
                        @Override
                        public void onNext(org.llavacluster.proto.tensor.TensorFrame frame) {
                            frame.close();
                        }

                        @Override
                        public void onError(Throwable t) {
                            call.complete(org.llavacluster.node.failure.GrpcFailures.of(t));
                        }

                        @Override
                        public void onCompleted() {
                            call.complete(null);
                        }
                    });
            assertThat(call.get()).isEqualTo(new Failure.Invalid("deadline", "a pull must have a deadline"));
        }
    }
}
