package org.llavacluster.engine.simd.attention;

import java.util.Optional;
import org.llavacluster.engine.simd.threads.Scratch;

/** Keys and values of one KV head in tiles of {@link #POSITIONS} positions, aligned to multiples of it. */
interface HeadTiles {

    /**
     * Positions of a tile, a multiple of the panel's 16. Results depend on it, since the softmax is rescaled from tile
     * to tile. Tiles are cut at absolute positions, so they do not depend on how a prompt is cut into chunks.
     */
    int POSITIONS = 64;

    /**
     * Points {@code to} at a tile.
     *
     * @param sequence which sequence or group of rows
     * @param count positions that will be read
     */
    void load(int sequence, int kvHead, int tile, int count, Place to, Scratch scratch);

    /**
     * Multiplies this many queries without turning a tile into floats first; empty where that is impossible or slower.
     */
    default Optional<FewQueryTiles> few(int queries) {
        return Optional.empty();
    }

    /**
     * Location of a tile. Keys are [POSITIONS / 16][headDim][16]; values are [POSITIONS][valueStride], with headDim
     * columns in use.
     */
    final class Place {
        float[] keys;
        int keysAt;
        float[] values;
        int valuesAt;
    }
}
