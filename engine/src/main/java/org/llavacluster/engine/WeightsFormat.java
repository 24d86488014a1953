package org.llavacluster.engine;

import java.util.Locale;

/**
 * How a backend holds the matrices of a model, whatever type the checkpoint stores. Vectors are always float32.
 *
 * <p>{@code q8_0} and {@code q4_0} have the block sizes of ggml's formats of the same names, but neither their layout
 * nor their float16 scales: weights lie in panels of 16 columns and scales are bfloat16. Files of the two cannot be
 * exchanged.
 */
public enum WeightsFormat {
    F32(1, 4),
    BF16(1, 2),
    /** Blocks of 32 signed bytes with one bfloat16 as their scale. */
    Q8_0(32, 34),
    /** Blocks of 32 half bytes with one bfloat16 as their scale. */
    Q4_0(32, 18);

    private final int blockColumns;
    private final int blockBytes;

    WeightsFormat(int blockColumns, int blockBytes) {
        this.blockColumns = blockColumns;
        this.blockBytes = blockBytes;
    }

    /** As written in properties and in the numerics id. */
    public String written() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Default type of K and V with such weights. Rounding K and V to 16 bits changes results far less than quantising
     * the weights, the cache holds twice the tokens, and attention reads half the bytes.
     */
    public DType kv() {
        return this == F32 ? DType.F32 : DType.F16;
    }

    /** Bytes of a matrix; a block never spans two rows. */
    public long bytes(long rows, long columns) {
        long blocks = Math.multiplyExact(rows, Math.ceilDiv(columns, blockColumns));
        return Math.multiplyExact(blocks, (long) blockBytes);
    }
}
