package org.llavacluster.engine.simd.attention;

/** Keys and values that a few queries are multiplied with where they are stored. Tiles are those of {@link HeadTiles}. */
interface FewQueryTiles {

    /** The most queries. */
    int MOST = 8;

    /**
     * Adds scores to those of a tile, as {@link Attention} lays them out.
     *
     * @param positions of the tile
     * @param first of the queries, of which {@code rows} are packed [headDim][rows] in x
     */
    void scores(Attention.Queries queries, int tile, int positions, int first, int rows, float[] x, float[] scores);

    /**
     * Adds a tile's values, weighted, to the sums that {@link Attention} keeps.
     *
     * @param x weights of {@code rows} queries from {@code first} on, [positions][rows] from {@code xAt} on
     */
    void values(
            Attention.Queries queries, int tile, int positions, int first, int rows, float[] x, int xAt, float[] sums);
}
