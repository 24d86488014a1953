package org.llavacluster.engine.simd.attention;

import org.llavacluster.engine.simd.kernel.Tile;

/**
 * Sizes of attention heads.
 *
 * @param heads of the queries; query head h reads KV head {@code h / (heads / kvHeads)}
 */
public record HeadShape(int heads, int kvHeads, int headDim) {

    /** Query heads that share a KV head. */
    int sharing() {
        return heads / kvHeads;
    }

    /** Columns of a tile of values, padded to what the kernels multiply. */
    int valueStride() {
        return Math.ceilDiv(headDim, Tile.COLUMNS) * Tile.COLUMNS;
    }
}
