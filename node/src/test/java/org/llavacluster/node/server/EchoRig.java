package org.llavacluster.node.server;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.protobuf.ProtoUtils;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.watch.NodeService;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;

/** A process with the node service and one call whose behaviour the test sets. */
final class EchoRig implements NodeApplication, AutoCloseable {

    static final MethodDescriptor<DescribeRequest, Description> CALL =
            MethodDescriptor.<DescribeRequest, Description>newBuilder()
                    .setType(MethodDescriptor.MethodType.SERVER_STREAMING)
                    .setFullMethodName("test.Echo/Call")
                    .setRequestMarshaller(ProtoUtils.marshaller(DescribeRequest.getDefaultInstance()))
                    .setResponseMarshaller(ProtoUtils.marshaller(Description.getDefaultInstance()))
                    .build();

    final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    final NodeProcess process;
    final ManagedChannel channel;
    private final BiConsumer<DescribeRequest, StreamObserver<Description>> handler;
    private final ServerLimits limits;
    volatile boolean stopped;

    EchoRig(BiConsumer<DescribeRequest, StreamObserver<Description>> handler) {
        this(handler, ServerLimits.cluster());
    }

    EchoRig(BiConsumer<DescribeRequest, StreamObserver<Description>> handler, ServerLimits limits) {
        this.handler = handler;
        this.limits = limits;
        this.process = NodeProcess.start(
                this, NodeConfiguration.loopback("echo-0"), Membership.of(List.of()), metrics, Clock.SYSTEM);
        this.channel = NettyChannelBuilder.forAddress("127.0.0.1", process.port())
                .usePlaintext()
                .build();
    }

    @Override
    public String role() {
        return "vision";
    }

    @Override
    public ServerLimits limits() {
        return limits == null ? ServerLimits.cluster() : limits;
    }

    @Override
    public List<ServerServiceDefinition> start(NodeContext node) {
        return List.of(
                ServerServiceDefinition.builder("test.Echo")
                        .addMethod(CALL, ServerCalls.asyncServerStreamingCall(handler::accept))
                        .build(),
                new NodeService(
                                Description.newBuilder()
                                        .setNodeId(node.identity().id())
                                        .setEpoch(node.identity().epoch())
                                        .build(),
                                node.state())
                        .bindService());
    }

    @Override
    public void stop() {
        stopped = true;
    }

    /** How a call ends; empty for OK. */
    Optional<Failure> failureOf(DescribeRequest request) {
        try {
            ClientCalls.blockingServerStreamingCall(
                            channel, CALL, CallOptions.DEFAULT.withDeadlineAfter(150, TimeUnit.SECONDS), request)
                    .forEachRemaining(_ -> {});
            return Optional.empty();
        } catch (io.grpc.StatusRuntimeException e) {
            return Optional.of(GrpcFailures.of(e));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        process.close(java.time.Duration.ZERO);
    }
}
