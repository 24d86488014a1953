package org.llavacluster.modelio.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.config.ModelConfig.Layout;
import org.llavacluster.modelio.config.RopeConfig.Scaling;
import org.llavacluster.modelio.config.VisionConfig.Activation;

/** The fixtures' folders, field by field. */
final class ModelFolderTest {

    private static final VisionConfig TINY_TOWER =
            new VisionConfig(48, 96, 4, 3, 3, 84, 14, 1e-5f, Activation.QUICK_GELU, List.of(3), false);
    private static final RopeConfig PLAIN_ROPE = new RopeConfig(10000, new Scaling.None());
    private static final List<Float> MEAN = List.of(0.48145466f, 0.4578275f, 0.40821073f);
    private static final List<Float> STD = List.of(0.26862954f, 0.26130258f, 0.27577711f);

    @Test
    void shouldReadLlava15() {
        assertThat(Fixtures.model("llava-1.5-tiny").config())
                .isEqualTo(new ModelConfig(
                        "llava-1.5-tiny",
                        Layout.HUGGING_FACE,
                        "llava",
                        TINY_TOWER,
                        new ProjectorConfig(ProjectorConfig.Kind.MLP2X_GELU, 48, 64, true),
                        new DecoderConfig(
                                704,
                                64,
                                176,
                                3,
                                4,
                                2,
                                16,
                                2048,
                                OptionalInt.empty(),
                                1e-5f,
                                PLAIN_ROPE,
                                false,
                                List.of(2)),
                        new ImageConfig(Mode.CROP, 84, 84, 0.00392156862745098, MEAN, STD, List.of(), Merge.FLAT),
                        699));
    }

    @Test
    void shouldReadLlava16() {
        ModelConfig config = Fixtures.model("llava-1.6-tiny").config();

        assertThat(config.family()).isEqualTo("llava_next");
        assertThat(config.vision()).isEqualTo(TINY_TOWER);
        assertThat(config.decoder())
                .isEqualTo(new DecoderConfig(
                        704,
                        64,
                        160,
                        3,
                        4,
                        1,
                        16,
                        2048,
                        OptionalInt.empty(),
                        1e-5f,
                        new RopeConfig(1e6, new Scaling.None()),
                        false,
                        List.of(2)));
        assertThat(config.image())
                .isEqualTo(new ImageConfig(
                        Mode.ANY_RESOLUTION,
                        84,
                        84,
                        0.00392156862745098,
                        MEAN,
                        STD,
                        List.of(
                                new Resolution(84, 168),
                                new Resolution(168, 84),
                                new Resolution(168, 168),
                                new Resolution(252, 84),
                                new Resolution(84, 252),
                                new Resolution(168, 252)),
                        Merge.SPATIAL_UNPAD));
    }

    @Test
    void shouldReadEpsilonsOfTheShardedCheckpoint() {
        ModelConfig config = Fixtures.model("llava-1.5-tiny-bf16-sharded").config();

        assertThat(config.decoder().rmsNormEps()).isEqualTo(1e-2f);
        assertThat(config.vision().layerNormEps()).isEqualTo(1e-2f);
    }

    @Test
    void shouldReadRopeScalings() {
        assertThat(variant("rope-linear").decoder().rope().scaling()).isEqualTo(new Scaling.Linear(4));
        assertThat(variant("rope-llama3").decoder().rope().scaling()).isEqualTo(new Scaling.Llama3(8, 1, 4, 32));
        assertThat(variant("rope-yarn").decoder().rope().scaling())
                .isEqualTo(new Scaling.Yarn(4, 32, 1, 32, OptionalDouble.empty(), true));
    }

    @Test
    void shouldReadTheOtherVariants() {
        assertThat(variant("tied-embeddings").decoder().tiedEmbeddings()).isTrue();
        assertThat(variant("head-dim").decoder().headDim()).isEqualTo(12);

        VisionConfig full = variant("feature-full").vision();
        assertThat(full.keepClassRow()).isTrue();
        assertThat(full.rowsPerTile()).isEqualTo(10);

        ModelConfig list = variant("feature-layers-list");
        assertThat(list.vision().featureLayers()).containsExactly(2, 1);
        assertThat(list.projector().inputSize()).isEqualTo(64);
    }

    private static ModelConfig variant(String name) {
        return Fixtures.model("variants/" + name).config();
    }
}
