package org.llavacluster.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.model.ModelPart;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ProjectorConfig;
import org.llavacluster.modelio.config.RopeConfig;
import org.llavacluster.modelio.config.VisionConfig;

/** LLaVA-1.5 7B, whose sizes are published. */
class MemoryNeedTest {

    private final MemoryNeed need = new MemoryNeed(new ModelConfig(
            "7b",
            ModelConfig.Layout.HUGGING_FACE,
            "llava",
            new VisionConfig(
                    1024, 4096, 24, 16, 3, 336, 14, 1e-5f, VisionConfig.Activation.QUICK_GELU, List.of(23), false),
            new ProjectorConfig(ProjectorConfig.Kind.MLP2X_GELU, 1024, 4096, true),
            new DecoderConfig(
                    32064,
                    4096,
                    11008,
                    32,
                    32,
                    32,
                    128,
                    4096,
                    OptionalInt.empty(),
                    1e-5f,
                    new RopeConfig(10_000, new RopeConfig.Scaling.None()),
                    false,
                    List.of(2)),
            new ImageConfig(
                    ImageConfig.Mode.CROP,
                    336,
                    336,
                    1 / 255.0,
                    List.of(0f, 0f, 0f),
                    List.of(1f, 1f, 1f),
                    List.of(),
                    ImageConfig.Merge.FLAT),
            32000));

    @Test
    void shouldCountThePublishedParameters() {
        assertThat(need.parameters(ModelPart.DECODER)).isEqualTo(6_738_939_904L);
        assertThat(need.parameters(ModelPart.PROJECTOR)).isEqualTo(20_979_712L);
        // All of CLIP except its last layer and norm, which are not loaded.
        long lastLayer = 4 * (1024 * 1024 + 1024) + 2 * 1024 * 4096 + 4096 + 1024 + 4 * 1024;
        assertThat(need.parameters(ModelPart.VISION)).isEqualTo(303_507_456L - lastLayer - 2 * 1024);
    }

    @Test
    void shouldAddUpBytesOfEachFormat() {
        long vectors = 65 * 4096;
        long matrices = 6_738_939_904L - vectors;
        assertThat(need.weightBytes(ModelPart.DECODER, WeightsFormat.F32)).isEqualTo(4 * 6_738_939_904L);
        assertThat(need.weightBytes(ModelPart.DECODER, WeightsFormat.BF16)).isEqualTo(2 * matrices + 4 * vectors);
        assertThat(need.weightBytes(ModelPart.DECODER, WeightsFormat.Q8_0)).isEqualTo(matrices / 32 * 34 + 4 * vectors);
        assertThat(need.weightBytes(ModelPart.DECODER, WeightsFormat.Q4_0)).isEqualTo(matrices / 32 * 18 + 4 * vectors);
    }

    @Test
    void shouldPadRowsThatEndWithinABlock() {
        assertThat(WeightsFormat.Q8_0.bytes(3, 33)).isEqualTo(3 * 2 * 34);
        assertThat(WeightsFormat.F32.bytes(3, 33)).isEqualTo(3 * 33 * 4);
    }

    @Test
    void shouldTakeHalfAMebibyteOfCachePerTokenIn16Bits() {
        assertThat(need.kvBytesPerToken(DType.F16)).isEqualTo(512 * 1024);
        assertThat(need.kvBytesPerToken(DType.F32)).isEqualTo(1024 * 1024);
    }
}
