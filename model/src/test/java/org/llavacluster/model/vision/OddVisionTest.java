package org.llavacluster.model.vision;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.reference.ReferenceBackend;
import org.llavacluster.engine.simd.SimdBackend;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.modelio.config.VisionConfig;

/**
 * CLIPs of sizes that are multiples of no vector, panel, block or tile, some with more patches than attention reads at
 * once.
 */
class OddVisionTest {

    private static final double BOUND = 2e-5;
    private static final int TILES = 3;

    @ParameterizedTest
    @CsvSource({
        "1, 1, 1, 4, 4, QUICK_GELU",
        "7, 1, 3, 9, 3, GELU",
        "15, 3, 37, 21, 7, QUICK_GELU",
        "34, 2, 33, 30, 5, GELU",
        "72, 1, 100, 36, 4, GELU",
        "96, 3, 17, 48, 3, QUICK_GELU"
    })
    void shouldEncodeAsTheReferenceDoesAndEachTileAsAlone(
            int hidden, int heads, int inner, int side, int patch, VisionConfig.Activation activation) {
        Program program = VisionProgram.trace(
                new VisionConfig(hidden, inner, 3, heads, 3, side, patch, 1e-5f, activation, List.of(1, 2), true));
        HostTensor pixels = RandomTensors.floats(new Random(1), 1, TILES, 3, side, side);
        float[] expected = encode(new ReferenceBackend(), program, pixels);
        assertThat(Deviation.relative(encode(new SimdBackend(WeightsFormat.F32, 3), program, pixels), expected))
                .isLessThanOrEqualTo(BOUND);
        for (WeightsFormat format : WeightsFormat.values()) {
            float[] together = encode(new SimdBackend(format, 3), program, pixels);
            int each = together.length / TILES;
            for (int tile = 0; tile < TILES; tile++) {
                long bytes = pixels.bytes().byteSize() / TILES;
                HostTensor one = HostTensor.heap(DType.F32, 1, 3, side, side);
                one.bytes().copyFrom(pixels.bytes().asSlice(tile * bytes, bytes));
                assertThat(encode(new SimdBackend(format, 1), program, one))
                        .as("%s, tile %s", format, tile)
                        .isEqualTo(Arrays.copyOfRange(together, tile * each, (tile + 1) * each));
            }
        }
    }

    private static float[] encode(Backend opened, Program program, HostTensor pixels) {
        List<Program> programs = List.of(program);
        try (Backend backend = opened;
                LoadedModel model =
                        backend.load(programs, RandomTensors.weights(7, DType.F32, programs), Optional.empty());
                LoadedModel.Outputs outputs = model.run(VisionProgram.NAME, Map.of(VisionProgram.PIXELS, pixels))) {
            return outputs.get(VisionProgram.FEATURES).toFloats();
        }
    }
}
