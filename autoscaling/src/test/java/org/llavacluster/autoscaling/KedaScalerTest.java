package org.llavacluster.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.autoscaling.keda.contract.ExternalScalerGrpc;
import org.llavacluster.autoscaling.keda.contract.GetMetricsRequest;
import org.llavacluster.autoscaling.keda.contract.IsActiveResponse;
import org.llavacluster.autoscaling.keda.contract.MetricSpec;
import org.llavacluster.autoscaling.keda.contract.MetricValue;
import org.llavacluster.autoscaling.keda.contract.ScaledObjectRef;

/** Asks as KEDA does, with a client made from its contract. */
class KedaScalerTest {

    private static final RoleDemand BUSY = new RoleDemand(12.5, 2.3, true);

    private final DemandBoard board = new DemandBoard();
    private final KedaScaler scaler = new KedaScaler(board, () -> new KedaScaler.OwnQueues(12, 3));
    private Server server;
    private ManagedChannel channel;
    private ExternalScalerGrpc.ExternalScalerBlockingStub keda;

    @BeforeEach
    void start() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name).addService(scaler).build().start();
        channel = InProcessChannelBuilder.forName(name).build();
        keda = ExternalScalerGrpc.newBlockingStub(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    private static ScaledObjectRef object(String role) {
        return ScaledObjectRef.newBuilder()
                .setName("demo-" + role)
                .setNamespace("shop")
                .putScalerMetadata("scalerAddress", "demo-scaler.shop.svc:9000")
                .putScalerMetadata("role", role)
                .build();
    }

    private static GetMetricsRequest metrics(String role) {
        return GetMetricsRequest.newBuilder()
                .setScaledObjectRef(object(role))
                .setMetricName("s0-llava-wanted-" + role)
                .build();
    }

    @Test
    void shouldAskForTheWantedWorkersOfARoleWithATargetOfOneEach() {
        board.put(ScaledRole.DECODER, BUSY);
        MetricSpec spec = keda.getMetricSpec(object("decoder")).getMetricSpecs(0);
        MetricValue value = keda.getMetrics(metrics("decoder")).getMetricValues(0);
        assertThat(spec.getMetricName()).isEqualTo("llava-wanted-decoder").isEqualTo(value.getMetricName());
        assertThat(spec.getTargetSizeFloat()).isEqualTo(1).isEqualTo(spec.getTargetSize());
        assertThat(value.getMetricValueFloat()).isEqualTo(2.3);
        assertThat(value.getMetricValue()).isEqualTo(3);
        assertThat(keda.getMetrics(metrics("vision")).getMetricValues(0).getMetricValueFloat())
                .isZero();
    }

    @Test
    void shouldBeActiveWhileTheRoleHasWork() {
        assertThat(keda.isActive(object("vision")).getResult()).isFalse();
        board.put(ScaledRole.VISION, BUSY);
        assertThat(keda.isActive(object("vision")).getResult()).isTrue();
        assertThat(keda.isActive(object("decoder")).getResult()).isFalse();
    }

    @Test
    void shouldStreamTheStateAtOnceAndThenEachChangeOfTheRole() {
        Iterator<IsActiveResponse> stream = keda.streamIsActive(object("decoder"));
        assertThat(stream.next().getResult()).isFalse();
        board.put(ScaledRole.VISION, BUSY);
        board.put(ScaledRole.DECODER, RoleDemand.NONE);
        board.put(ScaledRole.DECODER, BUSY);
        board.put(ScaledRole.DECODER, new RoleDemand(1, 1, true));
        board.put(ScaledRole.DECODER, RoleDemand.NONE);
        assertThat(stream.next().getResult()).isTrue();
        assertThat(stream.next().getResult()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gateway", "DECODER"})
    void shouldRefuseAnUnknownRoleWithTheNameOfItsKey(String role) {
        assertThatThrownBy(() -> keda.isActive(object(role)))
                .isInstanceOf(StatusRuntimeException.class)
                .hasMessageContaining(
                        "INVALID_ARGUMENT: the metadata of the trigger must have role: vision, projector or"
                                + " decoder");
        assertThatThrownBy(() -> keda.streamIsActive(object(role)).next()).hasMessageContaining("INVALID_ARGUMENT");
        assertThatThrownBy(() -> keda.getMetricSpec(object(role))).hasMessageContaining("INVALID_ARGUMENT");
        assertThatThrownBy(() -> keda.getMetrics(metrics(role))).hasMessageContaining("INVALID_ARGUMENT");
    }

    @Test
    void shouldTellAnotherGatewayWhatWaitsHere() {
        assertThat(keda.getMetrics(KedaScaler.QUEUES_OF_THIS_GATEWAY).getMetricValuesList())
                .extracting(MetricValue::getMetricName, MetricValue::getMetricValueFloat)
                .containsExactly(tuple(KedaScaler.QUEUED_TILES, 12.0), tuple(KedaScaler.QUEUED_REQUESTS, 3.0));
    }

    @Test
    void shouldBoundItsStreamsAndFreeThoseThatEnd() {
        List<Context.CancellableContext> contexts = new ArrayList<>();
        for (int i = 0; i < KedaScaler.MAX_STREAMS; i++) {
            Context.CancellableContext context = Context.current().withCancellation();
            contexts.add(context);
            context.run(() -> assertThat(
                            keda.streamIsActive(object("decoder")).next().getResult())
                    .isFalse());
        }
        assertThatThrownBy(() -> keda.streamIsActive(object("decoder")).next())
                .hasMessageContaining("RESOURCE_EXHAUSTED: at most 64 streams may be open");
        contexts.forEach(context -> context.cancel(null));
        while (true) {
            try {
                assertThat(keda.streamIsActive(object("decoder")).next().getResult())
                        .isFalse();
                return;
            } catch (StatusRuntimeException stillFull) {
                Thread.onSpinWait();
            }
        }
    }

    @Test
    void shouldEndItsStreamsWhenItsGatewayDrains() {
        Iterator<IsActiveResponse> stream = keda.streamIsActive(object("decoder"));
        assertThat(stream.next().getResult()).isFalse();
        scaler.endStreams();
        assertThatThrownBy(stream::next).hasMessageContaining("UNAVAILABLE: the gateway is draining");
    }
}
