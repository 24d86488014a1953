package org.llavacluster.gateway.scaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.llavacluster.gateway.fake.Requests.asking;
import static org.llavacluster.gateway.fake.Requests.freshImage;

import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.autoscaling.keda.contract.ExternalScalerGrpc;
import org.llavacluster.autoscaling.keda.contract.GetMetricsRequest;
import org.llavacluster.autoscaling.keda.contract.IsActiveResponse;
import org.llavacluster.autoscaling.keda.contract.ScaledObjectRef;
import org.llavacluster.gateway.fake.Answer;
import org.llavacluster.gateway.fake.Eventually;
import org.llavacluster.gateway.fake.FakeCluster;
import org.llavacluster.gateway.fake.FakeDecoder.Script;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.service.GatewayApplication;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.config.ScalingProperties;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.server.NodeProcess;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.v1.ChatRequest;
import org.llavacluster.proto.v1.LlavaGrpc;

/** Requests for roles that an autoscaler has taken to zero, and what KEDA hears of them. */
@Timeout(120)
class ScaleToZeroTest {

    private final FakeCluster cluster = new FakeCluster(GatewayRig.model());
    private final SwitchedMembership membership = new SwitchedMembership(cluster.members());
    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private NodeProcess gateway;
    private ManagedChannel channel;

    private void start(int maxParked) {
        Map<String, String> config = new HashMap<>(Map.of(
                "llava.model",
                GatewayRig.fixtures().resolve("llava-1.5-tiny").toString(),
                "llava.scaling",
                "true",
                ScalingProperties.MAX_PARKED.name(),
                Integer.toString(maxParked)));
        gateway = NodeProcess.start(
                new GatewayApplication(new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(config, "test", 100))
                        .build()),
                NodeConfiguration.loopback("gateway-0"),
                membership,
                metrics,
                Clock.SYSTEM);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", gateway.port())
                .usePlaintext()
                .build();
        cluster.decoder(0).script(Script.of(3));
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        gateway.close(Duration.ZERO);
        cluster.close();
    }

    private Answer ask(ChatRequest.Builder request) {
        return Answer.to(LlavaGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS), request.build());
    }

    private ExternalScalerGrpc.ExternalScalerBlockingStub keda() {
        return ExternalScalerGrpc.newBlockingStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS);
    }

    private static ScaledObjectRef object(String role) {
        return ScaledObjectRef.newBuilder().putScalerMetadata("role", role).build();
    }

    private double wanted(String role) {
        return keda().getMetrics(GetMetricsRequest.newBuilder()
                        .setScaledObjectRef(object(role))
                        .build())
                .getMetricValues(0)
                .getMetricValueFloat();
    }

    private double parked() {
        return metrics.get("llava.requests.parked").gauge().value();
    }

    @Test
    void shouldWakeAllRolesThatARequestNeedsAndAnswerItWhenTheyAreThere() {
        start(8);
        List<Iterator<IsActiveResponse>> streams = List.of(
                keda().streamIsActive(object("vision")),
                keda().streamIsActive(object("projector")),
                keda().streamIsActive(object("decoder")));
        streams.forEach(stream -> assertThat(stream.next().getResult()).isFalse());
        Answer answer = ask(asking("What?", freshImage("exact.png")));
        streams.forEach(stream -> assertThat(stream.next().getResult()).isTrue());
        assertThat(wanted("vision")).isPositive();
        assertThat(wanted("decoder")).isPositive();
        membership.show(MemberRole.DECODER);
        membership.show(MemberRole.DECODER, MemberRole.VISION);
        assertThat(parked()).isEqualTo(1);
        membership.show(MemberRole.DECODER, MemberRole.VISION, MemberRole.PROJECTOR);
        answer.succeeded();
        assertThat(parked()).isZero();
        streams.forEach(stream -> assertThat(stream.next().getResult()).isFalse());
    }

    @Test
    void shouldAnswerTextWhileTheRolesOfImagesSleep() {
        start(8);
        membership.show(MemberRole.DECODER);
        ask(asking("What?")).succeeded();
        assertThat(keda().isActive(object("vision")).getResult()).isFalse();
    }

    @Test
    void shouldRefuseMoreThanMayWait() {
        start(2);
        Answer first = ask(asking("One?"));
        Answer second = ask(asking("Two?"));
        Eventually.holds("both wait", () -> parked() == 2);
        Status refused = ask(asking("Three?")).status();
        assertThat(refused.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(refused.getDescription())
                .contains("2 requests wait for a role without a worker, the most by llava.scaling.max-parked");
        membership.show(MemberRole.values());
        first.succeeded();
        second.succeeded();
    }

    @Test
    void shouldEndAWaitingRequestAtItsDeadlineOrWhenItsClientLeaves() {
        start(8);
        Answer late = Answer.to(
                LlavaGrpc.newStub(channel).withDeadlineAfter(200, TimeUnit.MILLISECONDS),
                asking("Late?").build());
        assertThat(late.status().getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        Answer left = ask(asking("Left?"));
        Eventually.holds("it waits", () -> parked() == 1);
        left.cancel();
        Eventually.holds("nobody waits", () -> parked() == 0);
        assertThat(keda().isActive(object("vision")).getResult()).isFalse();
    }

    @Test
    void shouldRefuseAtOnceWhereNoneMayWait() {
        start(0);
        assertThat(ask(asking("What?")).status().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(parked()).isZero();
    }

    /** KEDA asks one gateway, and requests wait at any. */
    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void shouldHearFromOtherGatewaysWhatWaitsThere(int requests) {
        start(8);
        for (int i = 0; i < requests; i++) {
            Answer waiting = ask(asking("What?", freshImage("exact.png")));
            assertThat(waiting.events()).isEmpty();
        }
        InetSocketAddress address = new InetSocketAddress("127.0.0.1", gateway.port());
        try (PeerQueues peers = new PeerQueues(() -> List.of(address))) {
            Eventually.holds("the other gateway's queue is known", () -> peers.sample(0)
                    .equals(new QueuedWork(requests, requests)));
            // After some seconds without an answer nothing is known.
            gateway.close(Duration.ZERO);
            assertThat(peers.sample(Duration.ofSeconds(10).toNanos())).isEqualTo(QueuedWork.NONE);
        }
    }
}
