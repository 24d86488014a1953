package org.llavacluster.engine.simd.attention;

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

    /** Whether so many queries are multiplied without making floats of a tile first, by the two methods below. */
    default boolean direct(int queries) {
        return false;
    }

    /**
     * Scores of some queries of a tile, as {@link Attention} lays them out.
     *
     * @param first query, whose {@code rows} are packed [headDim][rows] in x
     * @param count queries that scores has room for
     * @param positions of the tile
     */
    default void scores(
            int sequence,
            int kvHead,
            int tile,
            int positions,
            int first,
            int rows,
            int count,
            float[] x,
            float[] scores) {
        throw new IllegalStateException("not direct");
    }

    /**
     * Adds a tile's values, weighted for some queries, to the sums that {@link Attention} keeps.
     *
     * @param x weights, from {@code xAt} on [positions][rows]
     */
    default void values(
            int sequence,
            int kvHead,
            int tile,
            int positions,
            int first,
            int rows,
            int count,
            float[] x,
            int xAt,
            float[] sums) {
        throw new IllegalStateException("not direct");
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
