package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import io.grpc.ManagedChannel;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.reflection.v1.ServiceResponse;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.tensor.TensorSender;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.proto.tensor.TensorMethods;

/** What a server describes about its services to tools without their contract. */
class ReflectionTest {

    private static final String SERVICE = NodeGrpc.SERVICE_NAME;

    /** A server of two services, and a connection to it. */
    private static final class Rig implements AutoCloseable {

        private final NodeProcess process;
        private final ManagedChannel channel;

        Rig(boolean reflection) {
            NodeApplication application = new NodeApplication() {
                @Override
                public String role() {
                    return "vision";
                }

                @Override
                public List<ServerServiceDefinition> start(NodeContext node) {
                    return List.of(
                            new NodeGrpc.NodeImplBase() {}.bindService(),
                            TensorSender.serve(
                                    new VisionGrpc.VisionImplBase() {}.bindService(),
                                    TensorMethods.PULL_FEATURES,
                                    new TensorSender<>((_, _) -> {}, Clock.SYSTEM)));
                }
            };
            process = NodeProcess.start(
                    application,
                    new NodeConfiguration(
                            "vision-0",
                            "127.0.0.1",
                            0,
                            Optional.empty(),
                            false,
                            Duration.ZERO,
                            Duration.ZERO,
                            reflection),
                    Membership.of(List.of()),
                    new SimpleMeterRegistry(),
                    Clock.SYSTEM);
            channel = NettyChannelBuilder.forAddress("127.0.0.1", process.port())
                    .usePlaintext()
                    .build();
        }

        ServingStatus health(String service) {
            return HealthGrpc.newBlockingStub(channel)
                    .check(HealthCheckRequest.newBuilder().setService(service).build())
                    .getStatus();
        }

        ServerReflectionResponse reflect(ServerReflectionRequest.Builder question) throws Exception {
            CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
            StreamObserver<ServerReflectionRequest> call = ServerReflectionGrpc.newStub(channel)
                    .serverReflectionInfo(new StreamObserver<>() {
                        @Override
                        public void onNext(ServerReflectionResponse response) {
                            answer.complete(response);
                        }

                        @Override
                        public void onError(Throwable error) {
                            answer.completeExceptionally(error);
                        }

                        @Override
                        public void onCompleted() {}
                    });
            call.onNext(question.build());
            call.onCompleted();
            return answer.get(60, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            channel.shutdownNow();
            process.close();
        }
    }

    @Test
    void shouldAnswerHealthChecksOfItsServicesByName() {
        try (Rig rig = new Rig(true)) {
            assertThat(rig.health("")).isEqualTo(ServingStatus.SERVING);
            assertThat(rig.health(SERVICE)).isEqualTo(ServingStatus.SERVING);
            assertThatThrownBy(() -> rig.health("llava.v1.NoSuchService"))
                    .isInstanceOfSatisfying(
                            StatusRuntimeException.class,
                            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND));
        }
    }

    @Test
    void shouldListItsServicesAndTheirContracts() throws Exception {
        try (Rig rig = new Rig(true)) {
            assertThat(rig.reflect(ServerReflectionRequest.newBuilder().setListServices(""))
                            .getListServicesResponse()
                            .getServiceList())
                    .extracting(ServiceResponse::getName)
                    .contains(SERVICE, VisionGrpc.SERVICE_NAME, HealthGrpc.SERVICE_NAME);
            ServerReflectionResponse contract =
                    rig.reflect(ServerReflectionRequest.newBuilder().setFileContainingSymbol(SERVICE));
            FileDescriptorProto file = FileDescriptorProto.parseFrom(
                    contract.getFileDescriptorResponse().getFileDescriptorProto(0));
            assertThat(file.getService(0).getMethodList())
                    .extracting(method -> method.getName())
                    .containsExactly("Describe", "Watch");
        }
    }

    @Test
    void shouldSayNothingWhereReflectionIsOff() {
        try (Rig rig = new Rig(false)) {
            assertThatThrownBy(() ->
                            rig.reflect(ServerReflectionRequest.newBuilder().setListServices("")))
                    .hasRootCauseInstanceOf(StatusRuntimeException.class)
                    .hasMessageContaining("UNIMPLEMENTED");
        }
    }
}
