package org.llavacluster.engine.simd.attention;

import java.util.Optional;
import org.llavacluster.engine.simd.threads.Scratch;

/** Keys and values of one KV head, {@link #POSITIONS} at a time from positions that are multiples of it. */
interface HeadTiles {

    /**
     * Positions of a tile, a multiple of the panel's 16. Results depend on it: a softmax is rescaled from tile to tile. Cut at
     * absolute positions, the tiles do not depend on how a prompt is cut into chunks.
     */
    int POSITIONS = 64;

    /**
     * Points {@code to} at a tile.
     *
     * @param sequence which sequence or group of rows
     * @param count positions that will be read
     */
    void load(int sequence, int kvHead, int tile, int count, Place to, Scratch scratch);

    /** What multiplies so many queries without making floats of a tile first; empty where that is not possible or does not pay. */
    default Optional<FewQueryTiles> few(int queries) {
        return Optional.empty();
    }

    /**
     * Where a tile lies. Keys are [POSITIONS / 16][headDim][16]; values are [POSITIONS][valueStride], of which the first headDim
     * columns mean something.
     */
    final class Place {
        float[] keys;
        int keysAt;
        float[] values;
        int valuesAt;
    }
}
