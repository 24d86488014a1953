package org.llavacluster.gateway.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.gateway.fake.FakeCluster;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.proto.cluster.v1.Description;

class ServingTest {

    private final ModelConfig model = GatewayRig.model();
    private final Map<MemberRole, List<Worker>> workers = new EnumMap<>(MemberRole.class);

    @BeforeEach
    void oneWorkerOfEachRole() {
        for (MemberRole role : MemberRole.values()) {
            workers.put(role, new ArrayList<>());
        }
        add(MemberRole.VISION, "vision-0", FakeCluster.visionDescription(model));
        add(MemberRole.PROJECTOR, "projector-0", FakeCluster.projectorDescription(model));
        add(MemberRole.DECODER, "decoder-0", FakeCluster.decoderDescription(model));
    }

    private void add(MemberRole role, String id, Description description) {
        workers.get(role).add(new Worker(new Member(id, role, "localhost", 1), description));
    }

    private String reason() {
        return ((Serving.NotReady) Serving.of(workers::get, model)).reason();
    }

    @Test
    void shouldServeWithOneWorkerOfEachRole() {
        assertThat(Serving.of(workers::get, model)).isInstanceOf(Serving.Ready.class);
    }

    @Test
    void shouldServeNothingWithoutADecoder() {
        workers.get(MemberRole.DECODER).clear();
        assertThat(reason()).isEqualTo("no decoder node is available");
    }

    @ParameterizedTest
    @EnumSource(
            value = MemberRole.class,
            names = {"VISION", "PROJECTOR"})
    void shouldServeTextWithoutWorkersForImages(MemberRole role) {
        List<Worker> decoders = List.copyOf(workers.get(MemberRole.DECODER));
        workers.get(role).clear();
        String missing = "no " + role.name().toLowerCase(Locale.ROOT) + " node is available";
        assertThat(Serving.of(workers::get, model)).isEqualTo(new Serving.TextOnly(decoders, missing));
    }

    @Test
    void shouldSayWhereRolesDoNotFitTheModel() {
        Description projector = FakeCluster.projectorDescription(model);
        workers.get(MemberRole.PROJECTOR).clear();
        add(
                MemberRole.PROJECTOR,
                "projector-0",
                projector.toBuilder()
                        .setProjector(projector.getProjector().toBuilder().setFeatures(1))
                        .build());
        assertThat(reason())
                .isEqualTo("features: the projector nodes have 1, the gateway's model "
                        + model.vision().features());
    }

    @Test
    void shouldTakeTheLargestGroupThatAgrees() {
        Description next = FakeCluster.decoderDescription(model).toBuilder()
                .setRevision("next")
                .build();
        add(MemberRole.DECODER, "decoder-1", next);
        add(MemberRole.DECODER, "decoder-2", next);
        Serving.Ready ready = (Serving.Ready) Serving.of(workers::get, model);
        assertThat(ready.decoders()).extracting(Worker::id).containsExactly("decoder-1", "decoder-2");
    }
}
