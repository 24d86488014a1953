package org.llavacluster.gateway.placement;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.gateway.fake.FakeCluster;
import org.llavacluster.gateway.fake.GatewayRig;
import org.llavacluster.gateway.image.ImageId;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;
import org.llavacluster.text.config.ModelConfig;

class ServingTest {

    private final ModelConfig model = GatewayRig.model();
    private final Map<MemberRole, List<Worker>> workers = new EnumMap<>(MemberRole.class);
    private final TensorKeys keys = new TensorKeys(new byte[16]);
    private final LeastLoadedPlacement placement =
            new LeastLoadedPlacement(workers::get, () -> Serving.of(workers::get, model), keys);

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
        add(role, id, description, NodeState.getDefaultInstance());
    }

    private void add(MemberRole role, String id, Description description, NodeState state) {
        workers.get(role).add(new Worker(new Member(id, role, "localhost", 1), description, state));
    }

    private static StoredImage image(int number) {
        var file = com.google.protobuf.ByteString.copyFromUtf8("image " + number);
        return new StoredImage(ImageId.of(file), file, 1, 1, 36);
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
        try (Placement.DecoderLease lease = placement.decoder()) {
            assertThat(lease.member().id()).isEqualTo("decoder-0");
        }
        assertThatThrownBy(() -> placement.route(image(1), Set.of()))
                .isInstanceOfSatisfying(FailureException.class, e -> assertThat(e.failure())
                        .isEqualTo(new Failure.Unavailable("images cannot be answered now: " + missing)));
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

    @Test
    void shouldGiveRequestsToTheDecoderWithTheFewest() {
        Description decoder = FakeCluster.decoderDescription(model);
        add(
                MemberRole.DECODER,
                "decoder-1",
                decoder,
                NodeState.newBuilder().setRunning(1).setWaiting(1).build());
        List<String> chosen = new ArrayList<>();
        List<Placement.DecoderLease> leases = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            leases.add(placement.decoder());
            chosen.add(leases.getLast().member().id());
        }
        assertThat(chosen).containsExactly("decoder-0", "decoder-0", "decoder-0", "decoder-1");
        leases.getFirst().close();
        leases.getFirst().close();
        leases.get(1).close();
        assertThat(placement.decoder().member().id()).isEqualTo("decoder-0");
    }

    @Test
    void shouldSendAnImageToTheSameNodeAndElsewhereOnlyWhereThatIsLost() {
        for (int i = 1; i < 4; i++) {
            add(MemberRole.VISION, "vision-" + i, FakeCluster.visionDescription(model));
        }
        Set<String> used = new java.util.HashSet<>();
        for (int i = 0; i < 50; i++) {
            ImageRoute first = placement.route(image(i), Set.of());
            assertThat(placement.route(image(i), Set.of())).isEqualTo(first);
            ImageRoute second = placement.route(image(i), Set.of(first.vision().epoch()));
            assertThat(second.vision()).isNotEqualTo(first.vision());
            assertThat(second.featureKey()).isEqualTo(first.featureKey());
            used.add(first.vision().id());
        }
        assertThat(used).hasSize(4);
    }

    @Test
    void shouldTakeALostNodeAgainWhereThereIsNoOther() {
        ImageRoute first = placement.route(image(1), Set.of());
        assertThat(placement.route(
                        image(1),
                        Set.of(first.vision().epoch(), first.projector().epoch())))
                .isEqualTo(first);
    }
}
