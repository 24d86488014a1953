package org.llavacluster.engine.simd.attention;

/**
 * Multiplies a few queries with keys and values directly where they are stored. Tiles are those of {@link HeadTiles}.
 */
interface FewQueryTiles {

    /** Largest number of queries. */
    int MOST = 8;

    /**
     * Adds scores to those of a tile, as {@link Attention} lays them out.
     *
     * @param positions of the tile
     * @param first of the queries, of which {@code rows} are packed [headDim][rows] in x
     */
    void scores(Attention.Queries queries, int tile, int positions, int first, int rows, float[] x, float[] scores);

    /**
     * Adds the weighted values of a tile to the sums of {@link Attention}.
     *
     * @param x weights of {@code rows} queries from {@code first} on, [positions][rows] from {@code xAt} on
     */
    void values(
            Attention.Queries queries, int tile, int positions, int first, int rows, float[] x, int xAt, float[] sums);
}
