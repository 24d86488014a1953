package org.llavacluster.engine.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.contract.Closeness;
import org.llavacluster.engine.contract.RandomTensors;
import org.llavacluster.engine.program.Dim;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.program.ProgramBuilder;
import org.llavacluster.engine.program.Value;

/** Linear layers over weights of every format, in sizes that fit no panel, block or tile. */
class FormatsTest {

    private static final int[][] SIZES = {{1, 1}, {17, 33}, {31, 300}, {48, 64}, {5, 515}};

    @ParameterizedTest
    @EnumSource
    void shouldMultiplyWithWhatIsStored(WeightsFormat format) {
        for (int[] size : SIZES) {
            Weights.Weight weight = weight(size[0], size[1], 1);
            float[] stored = stored(format, weight);
            for (int rows = 1; rows <= 17; rows++) {
                HostTensor x = RandomTensors.floats(new Random(rows), 1, rows, size[1]);
                Closeness.assertClose(
                        format + " [" + size[0] + ", " + size[1] + "], rows " + rows,
                        product(format, weight, x, rows),
                        expected(x.toFloats(), stored, rows, size[0], size[1]),
                        format == WeightsFormat.Q4_0 ? 1e-4 : 1e-5);
            }
        }
    }

    /** Rows are multiplied some hundreds at a time, columns by several threads. */
    @ParameterizedTest
    @EnumSource
    void shouldMultiplyManyRowsOnSeveralThreads(WeightsFormat format) {
        Weights.Weight weight = weight(77, 530, 3);
        float[] stored = stored(format, weight);
        for (int rows : new int[] {287, 288, 289, 590}) {
            HostTensor x = RandomTensors.floats(new Random(rows), 1, rows, 530);
            Closeness.assertClose(
                    format + ", rows " + rows,
                    product(format, weight, x, rows, 3),
                    expected(x.toFloats(), stored, rows, 77, 530),
                    format == WeightsFormat.Q4_0 ? 1e-4 : 1e-5);
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldStoreWithinHalfAStepOfTheFormat(WeightsFormat format) {
        Weights.Weight weight = weight(33, 70, 2);
        float[] stored = stored(format, weight);
        float[] exact = RandomTensors.floats(new Random(2), 1, 33, 70).toFloats();
        // Of the largest value of a block: bfloat16 has 8 bits, q8_0 254 steps of at most 1/128 more, q4_0 cuts
        // extremes off.
        double bound =
                switch (format) {
                    case F32 -> 0;
                    case BF16 -> 1.0 / 256;
                    case Q8_0 -> 1.02 / 254;
                    case Q4_0 -> 1.0 / 7;
                };
        for (int row = 0; row < 33; row++) {
            for (int first = 0; first < 70; first += 32) {
                double largest = 0;
                double worst = 0;
                for (int k = first; k < Math.min(70, first + 32); k++) {
                    int i = row * 70 + k;
                    largest = Math.max(largest, Math.abs(exact[i]));
                    worst = Math.max(worst, Math.abs((double) stored[i] - exact[i]));
                }
                assertThat(worst).as("row %s from %s", row, first).isLessThanOrEqualTo(bound * largest);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void shouldKeepZeros(WeightsFormat format) {
        HostTensor zeros = HostTensor.heap(DType.F32, 3, 40);
        assertThat(stored(format, new Weights.Weight("w", DType.F32, zeros.shape(), zeros.bytes())))
                .containsOnly(0f);
    }

    @ParameterizedTest
    @EnumSource
    void shouldRefuseWhatIsNotFinite(WeightsFormat format) {
        for (float broken : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            HostTensor values = HostTensor.heap(DType.F32, 3, 40);
            values.bytes().setAtIndex(HostTensor.FLOAT, 77, broken);
            Weights.Weight weight = new Weights.Weight("layers.0.w", DType.F32, values.shape(), values.bytes());
            HostTensor x = HostTensor.heap(DType.F32, 1, 40);
            for (int threads = 1; threads <= 3; threads++) {
                int on = threads;
                assertThatThrownBy(() -> product(format, weight, x, 1, on))
                        .isInstanceOf(IllegalArgumentException.class)
                        .hasMessageContaining("layers.0.w");
            }
        }
    }

    private static Weights.Weight weight(int columns, int depth, long seed) {
        HostTensor values = RandomTensors.floats(new Random(seed), 1, columns, depth);
        return new Weights.Weight("w", DType.F32, values.shape(), values.bytes());
    }

    /**
     * What a matrix holds, [columns, depth]: its product with the identity, of which every sum has one term that is not
     * zero.
     */
    private static float[] stored(WeightsFormat format, Weights.Weight weight) {
        int columns = (int) weight.shape()[0];
        int depth = (int) weight.shape()[1];
        HostTensor identity = HostTensor.heap(DType.F32, depth, depth);
        for (int k = 0; k < depth; k++) {
            identity.bytes().setAtIndex(HostTensor.FLOAT, (long) k * depth + k, 1);
        }
        float[] turned = product(format, weight, identity, depth);
        float[] stored = new float[columns * depth];
        for (int i = 0; i < stored.length; i++) {
            stored[i] = turned[i % depth * columns + i / depth];
        }
        return stored;
    }

    private static float[] product(WeightsFormat format, Weights.Weight weight, HostTensor x, int rows) {
        return product(format, weight, x, rows, 1);
    }

    private static float[] product(WeightsFormat format, Weights.Weight weight, HostTensor x, int rows, int threads) {
        ProgramBuilder b = new ProgramBuilder("main");
        Value input = b.input("x", DType.F32, Dim.of("rows"), Dim.of(weight.shape()[1]));
        b.output("y", b.linear(input, b.weight(weight.name(), weight.shape()), null));
        Program program = b.build();
        try (SimdBackend backend = new SimdBackend(format, threads);
                LoadedModel model = backend.load(List.of(program), name -> weight, Optional.empty());
                LoadedModel.Outputs outputs = model.run("main", Map.of("x", x))) {
            assertThat(outputs.get("y").shape()).containsExactly(rows, weight.shape()[0]);
            return outputs.get("y").toFloats();
        }
    }

    private static float[] expected(float[] x, float[] weight, int rows, int columns, int depth) {
        float[] y = new float[rows * columns];
        for (int i = 0; i < y.length; i++) {
            double sum = 0;
            for (int k = 0; k < depth; k++) {
                sum += (double) x[i / columns * depth + k] * weight[i % columns * depth + k];
            }
            y[i] = (float) sum;
        }
        return y;
    }
}
