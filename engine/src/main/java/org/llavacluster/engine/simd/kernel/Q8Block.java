package org.llavacluster.engine.simd.kernel;

/**
 * Memory layout of q8_0: blocks of 32 values along k. A block holds the bfloat16 scales of 16 columns, then the bytes
 * [32, 16]. The layout is this project's own, not ggml's.
 *
 * <p>Kernels take whole blocks only, because C2 enters a loop faster that ends at a constant: with AVX2 this makes one
 * row a fifth faster. Values beyond the last whole block are turned into floats ({@link Dequantisation}) and multiplied
 * as a {@link Tile}.
 */
public final class Q8Block {

    /** Values along k in a block. */
    public static final int BLOCK = 32;

    public static final int SCALES_BYTES = Lanes.PANEL * Short.BYTES;

    public static final int BLOCK_BYTES = SCALES_BYTES + BLOCK * Lanes.PANEL;

    private Q8Block() {}
}
