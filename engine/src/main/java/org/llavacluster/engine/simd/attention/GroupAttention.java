package org.llavacluster.engine.simd.attention;

import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** Attention inside groups of rows, such as the patches of one image. */
public final class GroupAttention implements Work {

    private final HeadShape shape;
    private final boolean causal;
    private final GroupTiles tiles;
    private final Attention attention;
    private float[] q;
    private float[] y;
    private int groupRows;
    private int blocks;

    public GroupAttention(HeadShape shape, boolean causal) {
        this.shape = shape;
        this.causal = causal;
        this.tiles = new GroupTiles(shape);
        this.attention = new Attention(shape);
    }

    /**
     * @param queries [groups * rows, heads * headDim]; result likewise
     * @param k [groups * rows, kvHeads * headDim]; v likewise
     */
    public void run(
            float[] queries,
            float[] k,
            float[] v,
            float[] result,
            int groups,
            int rows,
            WorkerPool pool,
            Scratch scratch) {
        q = queries;
        y = result;
        groupRows = rows;
        blocks = Math.ceilDiv(rows * shape.sharing(), Attention.QUERIES);
        tiles.prepare(k, v, groups, rows);
        pool.run(groups * shape.kvHeads(), tiles, scratch);
        pool.run(groups * shape.kvHeads() * blocks, this, scratch);
    }

    @Override
    public void piece(int index, Scratch scratch) {
        int group = index / blocks / shape.kvHeads();
        int kvHead = index / blocks % shape.kvHeads();
        int first = index % blocks * Attention.QUERIES;
        int count = Math.min(Attention.QUERIES, groupRows * shape.sharing() - first);
        Attention.Queries queries = new Attention.Queries(
                group, kvHead, group * groupRows, first, count, causal ? 1 : groupRows, causal ? 1 : 0);
        attention.attend(queries, tiles, q, y, scratch);
    }
}
