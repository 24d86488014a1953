package org.llavacluster.engine;

import java.util.Locale;

/** How a backend holds the matrices of a model, whatever the checkpoint stores. Vectors are held as float32 always. */
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
     * How K and V are stored beside such weights where nobody says otherwise. What the rounding to 16 bits changes is far less than what the
     * rounding of these weights does; the cache holds twice the tokens, and attention reads half the bytes.
     */
    public DType kv() {
        return this == F32 ? DType.F32 : DType.F16;
    }

    /** Bytes that a matrix takes; a block does not go on in the next row. */
    public long bytes(long rows, long columns) {
        long blocks = Math.multiplyExact(rows, Math.ceilDiv(columns, blockColumns));
        return Math.multiplyExact(blocks, (long) blockBytes);
    }
}
