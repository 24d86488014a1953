package org.llavacluster.engine.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.Closeness;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.contract.SmallDecoder;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.reference.ReferenceBackend;

/**
 * Decoders whose every size is drawn from those that fit no vector, panel, block or tile, and from those that just do.
 */
class OddSizesTest {

    private static final int[] HEAD_DIMS = {2, 4, 6, 14, 16, 18, 32, 34, 48, 64, 80, 96, 130};
    private static final int[] INNER = {1, 2, 15, 16, 17, 31, 33, 100};
    private static final int[] VOCABULARIES = {1, 2, 15, 17, 33};
    private static final int[] BLOCK_TOKENS = {1, 3, 5, 16, 32};
    private static final DType[] KV = {DType.F32, DType.F16, DType.BF16};
    private static final int LENGTH = 40;

    static LongStream seeds() {
        return LongStream.range(0, 60);
    }

    @ParameterizedTest(name = "seed {0}")
    @MethodSource("seeds")
    void shouldComputeWhatTheReferenceDoesAndTheSameInParts(long seed) {
        Random random = new Random(seed);
        int kvHeads = 1 + random.nextInt(3);
        SmallDecoder decoder = new SmallDecoder(
                1 + random.nextInt(2),
                kvHeads * (1 + random.nextInt(3)),
                kvHeads,
                any(random, HEAD_DIMS),
                any(random, INNER),
                any(random, VOCABULARIES));
        int blockTokens = any(random, BLOCK_TOKENS);
        DType kv = KV[random.nextInt(KV.length)];
        int threads = 1 + 2 * random.nextInt(3);
        String what = "seed " + seed + ", " + decoder + ", blocks of " + blockTokens + ", " + kv + ", " + threads
                + " threads";
        KvLayout layout = decoder.layout(Math.ceilDiv(LENGTH, blockTokens), blockTokens, kv);
        Weights weights = RandomTensors.weights(seed, DType.F32, List.of(decoder.program()));
        int[] ids = random.ints(LENGTH, 0, decoder.vocabulary()).toArray();
        List<Integer> whole = List.of(LENGTH);
        float[] expected = logits(new ReferenceBackend(), decoder.program(), layout, weights, ids, whole);
        float[] actual = logits(new SimdBackend(WeightsFormat.F32, 1), decoder.program(), layout, weights, ids, whole);
        // A key at the middle of two stored values may be rounded to either.
        double tolerance = kv == DType.F32 ? 2e-5 : kv == DType.F16 ? 2e-3 : 2e-2;
        Closeness.assertClose(what, actual, expected, tolerance);
        for (WeightsFormat format : WeightsFormat.values()) {
            float[] alone = logits(new SimdBackend(format, 1), decoder.program(), layout, weights, ids, whole);
            float[] parts =
                    logits(new SimdBackend(format, threads), decoder.program(), layout, weights, ids, cut(random));
            assertThat(bits(parts)).as(what + ", " + format).isEqualTo(bits(alone));
        }
    }

    private static int any(Random random, int[] values) {
        return values[random.nextInt(values.length)];
    }

    private static int[] bits(float[] values) {
        return IntStream.range(0, values.length)
                .map(i -> Float.floatToRawIntBits(values[i]))
                .toArray();
    }

    private static List<Integer> cut(Random random) {
        List<Integer> parts = new ArrayList<>();
        for (int left = LENGTH, rows; left > 0; left -= rows) {
            rows = Math.min(left, 1 + random.nextInt(random.nextBoolean() ? 3 : 20));
            parts.add(rows);
        }
        return parts;
    }

    /** The logits of all positions, computed so many rows at a time. */
    private static float[] logits(
            Backend opened, Program program, KvLayout layout, Weights weights, int[] ids, List<Integer> parts) {
        float[] all = {};
        int start = 0;
        try (Backend backend = opened;
                LoadedModel model = backend.load(List.of(program), weights, Optional.of(layout))) {
            for (int rows : parts) {
                int[] positions = IntStream.range(start, start + rows).toArray();
                int[] chosen = IntStream.of(positions).map(p -> ids[p]).toArray();
                int[] blocks = IntStream.range(0, layout.blocks())
                        .map(b -> layout.blocks() - 1 - b)
                        .toArray();
                KvStep step = new KvStep(List.of(new KvStep.Part(start, rows, blocks)));
                try (LoadedModel.Outputs outputs = model.run(
                        "decode",
                        Map.of("ids", HostTensor.ofInts(chosen, rows), "positions", HostTensor.ofInts(positions, rows)),
                        step)) {
                    float[] some = outputs.get("logits").toFloats();
                    int at = all.length;
                    all = Arrays.copyOf(all, at + some.length);
                    System.arraycopy(some, 0, all, at, some.length);
                }
                start += rows;
            }
        }
        return all;
    }
}
