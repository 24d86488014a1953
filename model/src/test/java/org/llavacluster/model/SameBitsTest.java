package org.llavacluster.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.SimdBackend;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.projector.ProjectorModel;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.model.vision.VisionModel;
import org.llavacluster.model.vision.VisionProgram;

/** CLIP and the projector give an image the same bits with any other images in the run and on any number of threads. */
class SameBitsTest {

    private static final Fixture FIXTURE = Fixture.open("llava-1.5-tiny");
    private static final int SIDE = 84;
    private static final int MOST_TILES = 10;

    @ParameterizedTest
    @EnumSource
    void shouldEncodeATileToTheSameBitsInAnyBatch(WeightsFormat format) {
        List<HostTensor> tiles = tiles();
        List<int[]> alone = new ArrayList<>();
        for (HostTensor tile : tiles) {
            alone.add(encode(format, 1, List.of(tile)).getFirst());
        }
        for (long seed = 0; seed < 6; seed++) {
            Random random = new Random(seed);
            int[] chosen = random.ints(2 + random.nextInt(MOST_TILES - 1), 0, tiles.size())
                    .toArray();
            List<int[]> together = encode(
                    format,
                    1 + (int) seed,
                    Arrays.stream(chosen).mapToObj(tiles::get).toList());
            for (int i = 0; i < chosen.length; i++) {
                assertThat(together.get(i))
                        .as("seed %s, tile %s of %s", seed, i, chosen.length)
                        .isEqualTo(alone.get(chosen[i]));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldProjectARowToTheSameBitsAmongAnyOthers(WeightsFormat format) {
        HostTensor features = FIXTURE.golden("scene.png/vision_features");
        int rows = (int) features.shape()[0];
        int hidden = FIXTURE.config().decoder().hiddenSize();
        int[] alone = new int[rows * hidden];
        for (int row = 0; row < rows; row++) {
            int[] one = project(format, 1, features, new int[] {row});
            System.arraycopy(one, 0, alone, row * hidden, hidden);
        }
        for (long seed = 0; seed < 4; seed++) {
            int[] order = new Random(seed).ints(1 + 30 * seed, 0, rows).toArray();
            int[] together = project(format, 1 + (int) seed, features, order);
            int[] expected = Arrays.stream(order)
                    .flatMap(row -> Arrays.stream(alone, row * hidden, (row + 1) * hidden))
                    .toArray();
            assertThat(together).as("seed %s", seed).isEqualTo(expected);
        }
    }

    /** Tiles {@code [1, 3, side, side]} of different images. */
    private static List<HostTensor> tiles() {
        return FIXTURE.images().stream()
                .map(image -> FIXTURE.golden(image + "/pixel_values", 1, 3, SIDE, SIDE))
                .toList();
    }

    /** The bits of each tile's features. */
    private static List<int[]> encode(WeightsFormat format, int threads, List<HostTensor> tiles) {
        HostTensor batch = HostTensor.heap(DType.F32, tiles.size(), 3, SIDE, SIDE);
        long bytes = tiles.getFirst().bytes().byteSize();
        for (int i = 0; i < tiles.size(); i++) {
            batch.bytes().asSlice(i * bytes, bytes).copyFrom(tiles.get(i).bytes());
        }
        try (SimdBackend backend = new SimdBackend(format, threads);
                Checkpoint checkpoint = FIXTURE.checkpoint();
                VisionModel model = VisionModel.load(backend, FIXTURE.config(), checkpoint);
                LoadedModel.Outputs outputs = model.encode(batch)) {
            int[] all = bits(outputs.get(VisionProgram.FEATURES));
            int each = all.length / tiles.size();
            return IntStream.range(0, tiles.size())
                    .mapToObj(i -> Arrays.copyOfRange(all, i * each, (i + 1) * each))
                    .toList();
        }
    }

    /** The bits of some rows' embeddings, in a run with only these rows. */
    private static int[] project(WeightsFormat format, int threads, HostTensor features, int[] rows) {
        long bytes = features.shape()[1] * Float.BYTES;
        HostTensor chosen = HostTensor.heap(DType.F32, rows.length, features.shape()[1]);
        for (int i = 0; i < rows.length; i++) {
            chosen.bytes().asSlice(i * bytes, bytes).copyFrom(features.bytes().asSlice(rows[i] * bytes, bytes));
        }
        try (SimdBackend backend = new SimdBackend(format, threads);
                Checkpoint checkpoint = FIXTURE.checkpoint();
                ProjectorModel model = ProjectorModel.load(backend, FIXTURE.config(), checkpoint);
                LoadedModel.Outputs outputs =
                        model.project(chosen, IntStream.range(0, rows.length).toArray())) {
            return bits(outputs.get(ProjectorProgram.EMBEDDINGS));
        }
    }

    private static int[] bits(HostTensor tensor) {
        float[] values = tensor.toFloats();
        return IntStream.range(0, values.length)
                .map(i -> Float.floatToRawIntBits(values[i]))
                .toArray();
    }
}
