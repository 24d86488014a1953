package org.llavacluster.engine.simd.attention;

import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** Causal attention of one layer through the KV cache. K and V of all rows are stored before any row attends. */
public final class CachedAttention implements Work {

    /** With fewer elements to store, waking other threads costs more than it saves. */
    private static final int WORTH_SHARING = 1 << 15;

    private final KvStore store;
    private final int layer;
    private final HeadShape shape;
    private final CachedTiles tiles;
    private final Attention attention;
    private KvStep step;
    private float[] q;
    private float[] k;
    private float[] v;
    private float[] y;
    private final Work storing = this::store;

    public CachedAttention(KvStore store, int layer, HeadShape shape) {
        this.store = store;
        this.layer = layer;
        this.shape = shape;
        this.tiles = new CachedTiles(store, layer, shape);
        this.attention = new Attention(shape);
    }

    /**
     * @param queries [rows, heads * headDim]; result likewise
     * @param keys [rows, kvHeads * headDim], rotated; values likewise, not rotated
     */
    public void run(
            float[] queries,
            float[] keys,
            float[] values,
            float[] result,
            KvStep rows,
            WorkerPool pool,
            Scratch scratch) {
        q = queries;
        k = keys;
        v = values;
        y = result;
        step = rows;
        tiles.prepare(rows);
        if ((long) rows.rows() * shape.kvHeads() * shape.headDim() < WORTH_SHARING) {
            for (int head = 0; head < shape.kvHeads(); head++) {
                store(head, scratch);
            }
        } else {
            pool.run(shape.kvHeads(), storing, scratch);
        }
        int pieces = 0;
        for (KvStep.Part part : rows.parts()) {
            pieces += blocks(part) * shape.kvHeads();
        }
        pool.run(pieces, this, scratch);
    }

    /** Stores the keys and values of one KV head. */
    private void store(int kvHead, Scratch scratch) {
        KvLayout layout = store.layout();
        int columns = shape.kvHeads() * shape.headDim();
        int from = kvHead * shape.headDim();
        for (KvStep.Part part : step.parts()) {
            for (int i = 0; i < part.rows(); i++) {
                store.write(layer, kvHead, layout.slot(part.blocks(), part.start() + i), k, from, v, from);
                from += columns;
            }
        }
    }

    @Override
    public void piece(int index, Scratch scratch) {
        int left = index;
        int sequence = 0;
        int row = 0;
        KvStep.Part part = step.parts().getFirst();
        while (left >= blocks(part) * shape.kvHeads()) {
            left -= blocks(part) * shape.kvHeads();
            row += part.rows();
            part = step.parts().get(++sequence);
        }
        // Late queries see the most positions. They come first, so that the last pieces of work are short.
        int first = (blocks(part) - 1 - left / shape.kvHeads()) * Attention.QUERIES;
        int count = Math.min(Attention.QUERIES, part.rows() * shape.sharing() - first);
        Attention.Queries queries =
                new Attention.Queries(sequence, left % shape.kvHeads(), row, first, count, part.start() + 1, 1);
        attention.attend(queries, tiles, q, y, scratch);
    }

    private int blocks(KvStep.Part part) {
        return Math.ceilDiv(part.rows() * shape.sharing(), Attention.QUERIES);
    }
}
