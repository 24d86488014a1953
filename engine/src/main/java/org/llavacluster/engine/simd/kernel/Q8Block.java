package org.llavacluster.engine.simd.kernel;

/**
 * How bytes lie in memory: blocks of 32 values along k, each the 16 columns' scales as bfloat16, then the bytes [32, 16].
 *
 * <p>Kernels take whole blocks only. A loop that ends at a constant costs C2 less to enter than one that ends at a parameter, and
 * loops of 32 are entered often: with AVX2 one row is multiplied a fifth faster. What a matrix has beyond its whole blocks is made
 * floats ({@link Dequantisation}) and multiplied as a {@link Tile}.
 */
public final class Q8Block {

    /** Values along k in a block. */
    public static final int BLOCK = 32;

    public static final int SCALES_BYTES = Lanes.PANEL * Short.BYTES;

    public static final int BLOCK_BYTES = SCALES_BYTES + BLOCK * Lanes.PANEL;

    private Q8Block() {}
}
