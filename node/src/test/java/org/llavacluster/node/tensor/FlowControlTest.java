package org.llavacluster.node.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Attributes;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Context;
import io.grpc.Drainable;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.time.SettableClock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.tensor.TensorFrame;
import org.llavacluster.proto.tensor.TensorMethods;

/**
 * The sender against a transport whose readiness the test sets, and against a reader that stops, over a real one.
 *
 * <p>Holds the limit {@code FixedLimits.STREAM_WINDOW_BYTES}.
 */
@Timeout(60)
class FlowControlTest {

    private static final int CHUNK = 1000;

    /** Counts messages that were sent and not yet received, like a transport with an unbounded queue. */
    private static final class HandDrivenCall extends ServerCall<PullFeaturesRequest, TensorFrame> {

        final List<Integer> queued = new ArrayList<>();
        final List<Integer> sent = new ArrayList<>();
        Status closed;
        private int threshold;

        @Override
        public void request(int numMessages) {}

        @Override
        public void sendHeaders(Metadata headers) {}

        @Override
        public void sendMessage(TensorFrame frame) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            try {
                ((Drainable) TensorMethods.PULL_FEATURES.streamResponse(frame)).drainTo(bytes);
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
            queued.add(bytes.size());
            sent.add(frame.payloadBytes());
        }

        @Override
        public void setOnReadyThreshold(int numBytes) {
            threshold = numBytes;
        }

        @Override
        public boolean isReady() {
            return outstanding() < threshold;
        }

        int outstanding() {
            return queued.stream().mapToInt(Integer::intValue).sum();
        }

        @Override
        public void close(Status status, Metadata trailers) {
            assertThat(closed).as("closed once").isNull();
            closed = status;
        }

        @Override
        public boolean isCancelled() {
            return false;
        }

        @Override
        public Attributes getAttributes() {
            return Attributes.EMPTY;
        }

        @Override
        public MethodDescriptor<PullFeaturesRequest, TensorFrame> getMethodDescriptor() {
            return TensorMethods.PULL_FEATURES;
        }
    }

    private final AtomicInteger released = new AtomicInteger();
    private final HandDrivenCall call = new HandDrivenCall();
    private final ServerCall.Listener<PullFeaturesRequest> listener = startSending();

    private ServerCall.Listener<PullFeaturesRequest> startSending() {
        CachedTensor tensor = PullRig.tensor(DataType.DATA_TYPE_F32, 3, 1, released::incrementAndGet);
        TensorSender<PullFeaturesRequest> sender = new TensorSender<>(
                (_, waiter) -> waiter.answer(new TensorAnswer.Ready(new SolePin(tensor))), CHUNK, Clock.SYSTEM);
        try (ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
                Context.CancellableContext context = Context.current().withDeadlineAfter(1, TimeUnit.HOURS, timer)) {
            ServerCall.Listener<PullFeaturesRequest> started =
                    context.call(() -> sender.startCall(call, new Metadata()));
            started.onMessage(PullFeaturesRequest.getDefaultInstance());
            started.onHalfClose();
            return started;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void shouldNeverQueueMoreThanTwoChunks() {
        int largest = 0;
        while (call.closed == null) {
            assertThat(call.isReady()).as("stops by itself").isFalse();
            largest = Math.max(largest, call.outstanding());
            // The transport accepts everything and reports it, as gRPC does once for each change to ready.
            call.queued.clear();
            listener.onReady();
        }
        assertThat(largest).isBetween(CHUNK, 2 * CHUNK + 100);
        assertThat(call.closed.isOk()).isTrue();
        assertThat(call.sent.stream().mapToInt(Integer::intValue).sum()).isEqualTo(3 * 16384);
        assertThat(call.sent).allSatisfy(bytes -> assertThat(bytes).isLessThanOrEqualTo(CHUNK));
        assertThat(released).as("pinned until the transport is done").hasValue(0);
        listener.onComplete();
        assertThat(released).hasValue(1);
    }

    @Test
    void shouldReleaseAtTheEndOfACancelledSend() {
        int sent = call.sent.size();
        listener.onCancel();
        call.queued.clear();
        listener.onReady();
        assertThat(call.sent).hasSize(sent);
        assertThat(released).hasValue(1);
    }

    /**
     * Over Netty, a reader that takes one frame and then nothing holds up a window and two chunks, and no other pull.
     */
    @Test
    void shouldBoundWhatASlowReaderHoldsUpAndServeTheOthers() throws Exception {
        AtomicLong handedOver = new AtomicLong();
        AtomicInteger pulls = new AtomicInteger();
        CountDownLatch stalledReleased = new CountDownLatch(1);
        CachedTensor large = PullRig.tensor(DataType.DATA_TYPE_F32, 2304, 2, stalledReleased::countDown);
        CachedTensor small = PullRig.tensor(DataType.DATA_TYPE_F32, 576, 3, () -> {});
        ServerInterceptor counting = new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> served, Metadata headers, ServerCallHandler<Q, A> next) {
                boolean stalled = pulls.getAndIncrement() == 0;
                return next.startCall(
                        new SimpleForwardingServerCall<>(served) {
                            @Override
                            public void sendMessage(A message) {
                                if (stalled) {
                                    handedOver.addAndGet(((TensorFrame) message).payloadBytes());
                                }
                                super.sendMessage(message);
                            }
                        },
                        headers);
            }
        };
        AtomicInteger asked = new AtomicInteger();
        try (PullRig rig = new PullRig(
                (_, waiter) -> waiter.answer(
                        new TensorAnswer.Ready(new SolePin(asked.getAndIncrement() == 0 ? large : small))),
                counting)) {
            ClientCall<PullFeaturesRequest, TensorFrame> stalled = rig.channel.newCall(
                    TensorMethods.PULL_FEATURES, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
            CountDownLatch first = new CountDownLatch(1);
            stalled.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(TensorFrame frame) {
                            frame.close();
                            first.countDown();
                        }
                    },
                    new Metadata());
            stalled.request(1);
            stalled.sendMessage(PullFeaturesRequest.getDefaultInstance());
            stalled.halfClose();
            first.await();
            for (int i = 0; i < 10; i++) {
                assertThat(rig.pull(PullRig.expected(DataType.DATA_TYPE_F32), TensorAllocator.heap())
                                .outcome()
                                .get())
                        .isInstanceOf(PullOutcome.Ready.class);
            }
            assertThat(handedOver.get()).isPositive().isLessThan(4 << 20);
            assertThat(stalledReleased.getCount()).isEqualTo(1);
            stalled.cancel("enough", null);
            stalledReleased.await();
        }
    }

    /** The receiver takes one frame and nothing more. */
    @Test
    void shouldResetAPullWhoseReceiverTakesNothingAndNoOther() throws Exception {
        SimpleMeterRegistry metrics = new SimpleMeterRegistry();
        RefusalMetrics refusals = new RefusalMetrics(metrics);
        SettableClock clock = new SettableClock();
        CountDownLatch stalledReleased = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        CachedTensor large = PullRig.tensor(DataType.DATA_TYPE_F32, 2304, 2, stalledReleased::countDown);
        CachedTensor small = PullRig.tensor(DataType.DATA_TYPE_F32, 576, 3, () -> {});
        TensorSender<PullFeaturesRequest> sender = new TensorSender<>(
                (_, waiter) -> waiter.answer(
                        new TensorAnswer.Ready(new SolePin(asked.getAndIncrement() == 0 ? large : small))),
                clock);
        try (PullRig rig = new PullRig(sender)) {
            CountDownLatch first = new CountDownLatch(1);
            CompletableFuture<Status> ended = new CompletableFuture<>();
            ClientCall<PullFeaturesRequest, TensorFrame> stalled = rig.channel.newCall(
                    TensorMethods.PULL_FEATURES, CallOptions.DEFAULT.withDeadlineAfter(1, TimeUnit.HOURS));
            stalled.start(
                    new ClientCall.Listener<>() {
                        @Override
                        public void onMessage(TensorFrame frame) {
                            frame.close();
                            first.countDown();
                        }

                        @Override
                        public void onClose(Status status, Metadata trailers) {
                            ended.complete(status);
                        }
                    },
                    new Metadata());
            stalled.request(1);
            stalled.sendMessage(PullFeaturesRequest.getDefaultInstance());
            stalled.halfClose();
            first.await();

            // The clock stands still, so the receiver took something at this time whatever is still being sent.
            long limit = clock.nanoTime() + FixedLimits.PULL_STALL.duration().toNanos();
            sender.endStalled(limit - 1, refusals);
            assertThat(ended).isNotDone();
            assertThat(stalledReleased.getCount()).isEqualTo(1);
            sender.endStalled(limit, refusals);
            sender.endStalled(limit + 1, refusals);
            stalledReleased.await();
            assertThat(rig.pull(PullRig.expected(DataType.DATA_TYPE_F32), TensorAllocator.heap())
                            .outcome()
                            .get())
                    .isInstanceOf(PullOutcome.Ready.class);
            // The reset is behind what the client has not read.
            stalled.request(1_000);
            assertThat(ended.get().isOk()).isFalse();
            assertThat(metrics.get("llava.refusals")
                            .tag("reason", RefusalReason.SLOW_READER.label())
                            .counter()
                            .count())
                    .isEqualTo(1);
        }
    }
}
