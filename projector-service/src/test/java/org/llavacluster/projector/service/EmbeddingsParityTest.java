package org.llavacluster.projector.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.vision.service.VisionApplication;

/** A vision and a projector node together, on TensorFlow, against the embeddings of the reference. */
class EmbeddingsParityTest {

    private static final double BOUND = 2e-5;

    /** A float16 has 11 significant bits: features, products and embeddings are each rounded to one part in 2048. */
    private static final double BOUND_IN_HALVES = 2e-3;

    private static Node vision(String model, Map<String, String> more) {
        return Node.start("vision-0", model, more, List.of(), VisionApplication::new);
    }

    private static Node projector(String model, Map<String, String> more, Node vision) {
        Member member = new Member(
                "vision-0", MemberRole.VISION, "127.0.0.1", vision.process().port());
        return Node.start("projector-0", model, more, List.of(member), ProjectorApplication::new);
    }

    private static PullOutcome.Ready pull(Node vision, Node projector, String image, int rows) {
        ImageReference reference = EncodedImages.reference(
                        image,
                        rows,
                        vision.description().getRevision(),
                        projector.description().getRevision())
                .build();
        EncodedImages.encode(vision.channel(), reference, image);
        PullOutcome outcome =
                EncodedImages.pull(projector.channel(), reference).outcome().join();
        assertThat(outcome).as(image).isInstanceOf(PullOutcome.Ready.class);
        return (PullOutcome.Ready) outcome;
    }

    @ParameterizedTest
    @CsvSource({
        "llava-1.5-tiny, projected, 11",
        "llava-1.5-tiny-bf16-sharded, projected, 11",
        "llava-1.6-tiny, merged, 7"
    })
    void shouldServeTheReferencesEmbeddingsOfEveryPicture(String model, String golden, int pictures) {
        Fixture fixture = Fixture.open(model);
        try (Node vision = vision(model, Map.of());
                Node projector = projector(model, Map.of(), vision)) {
            assertThat(projector.description().getProjector().getFeatures()).isEqualTo(48);
            assertThat(projector.description().getProjector().getHidden()).isEqualTo(64);
            assertThat(fixture.images()).hasSize(pictures);
            for (String image : fixture.images()) {
                HostTensor expected = fixture.golden(image + "/" + golden);
                int rows = (int) expected.shape()[0];
                PullOutcome.Ready embeddings = pull(vision, projector, image, rows);
                assertThat(embeddings.layout().dataType()).isEqualTo(DataType.DATA_TYPE_F32);
                assertThat(Deviation.relative(embeddings.bytes().toArray(HostTensor.FLOAT), expected.toFloats()))
                        .as(image)
                        .isLessThanOrEqualTo(BOUND);
            }
            assertThat(vision.calls(Stage.ENCODE)).isEqualTo(pictures);
            assertThat(vision.calls(Stage.PULL_FEATURES)).isEqualTo(pictures);
            assertThat(projector.calls(Stage.PULL_FEATURES)).isEqualTo(pictures);
            assertThat(projector.calls(Stage.PROJECT)).isEqualTo(pictures);
            assertThat(projector.calls(Stage.PULL_EMBEDDINGS)).isEqualTo(pictures);

            String image = fixture.images().getFirst();
            pull(vision, projector, image, (int)
                    fixture.golden(image + "/" + golden).shape()[0]);
            assertThat(projector.calls(Stage.PULL_FEATURES)).isEqualTo(pictures);
            assertThat(projector.calls(Stage.PULL_EMBEDDINGS)).isEqualTo(pictures + 1);
        }
    }

    @Test
    void shouldServeHalvesWhereTheyTravel() {
        Fixture fixture = Fixture.open("llava-1.6-tiny");
        Map<String, String> halves = Map.of("llava.wire", "f16");
        try (Node vision = vision("llava-1.6-tiny", halves);
                Node projector = projector("llava-1.6-tiny", halves, vision)) {
            HostTensor expected = fixture.golden("scene.png/merged");
            PullOutcome.Ready embeddings = pull(vision, projector, "scene.png", 240);
            assertThat(embeddings.layout().dataType()).isEqualTo(DataType.DATA_TYPE_F16);
            HostTensor widened = HostTensor.heap(DType.F32, 240, 64);
            FloatConversion.convert(DType.F16, embeddings.bytes(), DType.F32, widened.bytes());
            assertThat(Deviation.relative(widened.toFloats(), expected.toFloats()))
                    .isLessThanOrEqualTo(BOUND_IN_HALVES);
        }
    }
}
