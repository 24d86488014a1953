package org.llavacluster.node.tensor;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.server.CallGate;
import org.llavacluster.node.server.NodeServer;
import org.llavacluster.node.server.ServerLimits;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.proto.tensor.TensorMethods;

/** A server on loopback that serves PullFeatures from a source, and a channel to it. */
final class PullRig implements AutoCloseable {

    static final ByteString KEY = ByteString.copyFromUtf8("key of the features");

    final NodeServer server;
    final ManagedChannel channel;

    PullRig(TensorSender.Source<PullFeaturesRequest> source, ServerInterceptor... interceptors) {
        this(new TensorSender<>(source, Clock.SYSTEM), interceptors);
    }

    PullRig(TensorSender<PullFeaturesRequest> sender, ServerInterceptor... interceptors) {
        server = NodeServer.start(
                new InetSocketAddress("127.0.0.1", 0),
                ServerLimits.cluster(),
                List.of(ServerInterceptors.intercept(
                        TensorSender.serve(
                                new VisionGrpc.VisionImplBase() {}.bindService(), TensorMethods.PULL_FEATURES, sender),
                        interceptors)),
                new CallGate(100),
                new SimpleMeterRegistry(),
                Clock.SYSTEM);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port())
                .usePlaintext()
                // As between nodes; otherwise it would grow with the measured speed.
                .flowControlWindow(1 << 20)
                .build();
    }

    TensorPull pull(ExpectedTensor expected, TensorAllocator allocator) {
        return pull(expected, allocator, CallOptions.DEFAULT.withDeadlineAfter(60, TimeUnit.SECONDS));
    }

    TensorPull pull(ExpectedTensor expected, TensorAllocator allocator, CallOptions options) {
        return TensorPuller.pull(
                channel,
                TensorMethods.PULL_FEATURES,
                options,
                PullFeaturesRequest.newBuilder().setFeatureKey(KEY).build(),
                expected,
                allocator);
    }

    /** Lets that many messages through, and neither further ones nor the end of the call. */
    static ServerInterceptor silentAfter(int messages) {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                return next.startCall(
                        new SimpleForwardingServerCall<>(call) {
                            private int sent;

                            @Override
                            public void sendMessage(A message) {
                                if (++sent <= messages) {
                                    super.sendMessage(message);
                                }
                            }

                            @Override
                            public void close(Status status, Metadata trailers) {}
                        },
                        headers);
            }
        };
    }

    /** A tensor of that many rows of 4096 elements with random bytes. */
    static CachedTensor tensor(DataType dataType, int rows, long seed, Runnable release) {
        TensorLayout layout = new TensorLayout(KEY, dataType, List.of((long) rows, 4096L));
        byte[] bytes = new byte[Math.toIntExact(layout.byteSize())];
        new Random(seed).nextBytes(bytes);
        return CachedTensor.of(layout, java.lang.foreign.MemorySegment.ofArray(bytes), release);
    }

    static ExpectedTensor expected(DataType dataType) {
        return new ExpectedTensor(KEY, Set.of(dataType), List.of(ExpectedTensor.ANY, 4096L), 64 << 20);
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.stop();
    }
}
