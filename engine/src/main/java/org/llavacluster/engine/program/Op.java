package org.llavacluster.engine.program;

import java.util.Arrays;
import java.util.List;
import org.llavacluster.engine.DType;

/**
 * The tensor operations that models are written in. Rows are positions of one or more sequences or patches, columns are
 * features; all arithmetic is float32 and ids and indices are int32. {@link ProgramBuilder} checks shapes.
 */
public sealed interface Op {

    /** Fed by each run. */
    record Input(String name, DType dtype, List<Dim> shape) implements Op {}

    /** Loaded once: {@code shape} as the checkpoint holds it. */
    record Weight(String name, List<Long> shape) implements Op {

        public Weight {
            shape = List.copyOf(shape);
        }

        /**
         * Checks the shape that a checkpoint gives for it.
         *
         * @throws IllegalArgumentException if it is not this one
         */
        public void check(long[] given) {
            if (!Arrays.equals(given, shape.stream().mapToLong(Long::longValue).toArray())) {
                throw new IllegalArgumentException(
                        "weight " + name + " has shape " + Arrays.toString(given) + ", expected " + shape);
            }
        }
    }

    /** {@code x [rows, in] -> x * weight^T + bias}, [rows, out]; weight [out, in], bias [out] or none (null). */
    record Linear(Value x, Value weight, Value bias) implements Op {}

    /** {@code (x - mean) / sqrt(variance + eps) * scale + shift} per row, biased variance; x [rows, columns]. */
    record LayerNorm(Value x, Value scale, Value shift, float eps) implements Op {}

    /** {@code x / sqrt(mean(x^2) + eps) * scale} per row; x [rows, columns]. */
    record RmsNorm(Value x, Value scale, float eps) implements Op {}

    /** {@code x * sigmoid(1.702 x)}, CLIP's activation. */
    record QuickGelu(Value x) implements Op {}

    /** {@code x * (1 + erf(x / sqrt 2)) / 2}, exact. */
    record Gelu(Value x) implements Op {}

    /** {@code gate * sigmoid(gate) * up}. */
    record SiluGate(Value gate, Value up) implements Op {}

    /** {@code a [k * n, columns] + b [n, columns]}: the rows of b repeat. With k = 1 a plain sum. */
    record Add(Value a, Value b) implements Op {}

    /** Rows of {@code table [vocabulary, columns]} by {@code ids [rows]}. */
    record Embedding(Value ids, Value table) implements Op {}

    /**
     * Rotates pairs (i, i + headDim/2) of every head by {@code position * frequencies[i]} and multiplies by {@code
     * scale}; x [rows, heads * headDim], positions [rows]. RoFormer, arXiv 2104.09864, in the half-split layout of
     * LLaMA checkpoints.
     *
     * @param frequencies [headDim / 2], radians per position
     * @param scale of cosine and sine; 1 but for YaRN
     */
    record Rope(Value x, Value positions, int heads, List<Float> frequencies, float scale) implements Op {}

    /**
     * Attention inside groups of rows, without a cache: {@code softmax(q k^T / sqrt(headDim)) v}; q [groups *
     * groupRows, heads * headDim], k and v [groups * groupRows, kvHeads * headDim]. Query head h reads KV head {@code h
     * / (heads / kvHeads)}.
     *
     * @param groupRows rows of one image or sequence
     * @param causal a row sees itself and the rows of its group before it
     */
    record Attention(Value q, Value k, Value v, int heads, int kvHeads, Dim groupRows, boolean causal) implements Op {}

    /**
     * Causal attention through the KV view of the step: stores k and v of the step's rows in the cache of that layer,
     * then each row attends to all positions of its sequence up to its own. Shapes as {@link Attention}.
     */
    record KvAttention(Value q, Value k, Value v, int heads, int kvHeads, int layer) implements Op {}

    /**
     * Cuts tiles into patches: x [tiles, channels, side, side] -> [tiles * (side/patch)^2, channels * patch * patch],
     * patches row by row, each channel by channel: a convolution with stride = kernel as a {@link Linear}.
     */
    record Patches(Value x, int patch) implements Op {}

    /** Puts {@code row [columns]} before each group of rows: [k * group, columns] -> [k * (group + 1), columns]. */
    record PrependRow(Value x, Value row, long group) implements Op {}

    /** Drops the first row of each group: [k * group, columns] -> [k * (group - 1), columns]. */
    record DropFirstRow(Value x, long group) implements Op {}

    /** [rows, a], [rows, b], ... -> [rows, a + b + ...]. */
    record ConcatColumns(List<Value> parts) implements Op {

        public ConcatColumns {
            parts = List.copyOf(parts);
        }
    }

    /** [a, columns] over [b, columns] -> [a + b, columns]. */
    record ConcatRows(Value a, Value b) implements Op {}

    /** Rows of x by {@code index [n]} -> [n, columns]. */
    record GatherRows(Value x, Value index) implements Op {}

    /**
     * The similarities of two sets of rows in both directions: {@code s = exp(logScale) * cosine(a, b)}, then its
     * transpose below it; a and b [n, columns], logScale [1] -> [2 * n, n]. CLIP, arXiv 2103.00020, figure 3.
     */
    record PairSimilarities(Value a, Value b, Value logScale) implements Op {}

    /** The same elements under another shape: weights that are stored with more dimensions than they are used with. */
    record Reshape(Value x, List<Dim> shape) implements Op {}
}
