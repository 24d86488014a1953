package org.llavacluster.engine.simd.attention;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.util.Optional;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.threads.Scratch;

/** Keys and values of one layer of the KV cache, turned into floats one tile at a time. */
final class CachedTiles implements HeadTiles, FewQueryTiles {

    private final KvStore store;
    private final int layer;
    private final HeadShape shape;
    private KvStep step;

    CachedTiles(KvStore store, int layer, HeadShape shape) {
        this.store = store;
        this.layer = layer;
        this.shape = shape;
    }

    void prepare(KvStep next) {
        step = next;
    }

    @Override
    public void load(int sequence, int kvHead, int tile, int count, Place to, Scratch scratch) {
        KvLayout layout = store.layout();
        int[] table = step.parts().get(sequence).blocks();
        int dim = shape.headDim();
        float[] slab = scratch.slab(POSITIONS * (dim + shape.valueStride()));
        int first = tile * POSITIONS;
        int valuesAt = POSITIONS * dim;
        boolean together = layout.blockTokens() % PANEL == 0;
        for (int i = 0; i < count; i += together ? PANEL : 1) {
            int slot = layout.slot(table, first + i);
            if (together) {
                store.keys(layer, kvHead, slot, slab, i * dim);
            } else {
                store.key(layer, kvHead, slot, slab, i / PANEL * PANEL * dim + i % PANEL);
            }
        }
        // Positions that are adjacent in both block and tile are read together.
        boolean dense = shape.valueStride() == dim;
        for (int i = 0, run; i < count; i += run) {
            run = dense ? Math.min(count - i, layout.blockTokens() - (first + i) % layout.blockTokens()) : 1;
            int slot = layout.slot(table, first + i);
            store.values(layer, kvHead, slot, run, slab, valuesAt + i * shape.valueStride());
        }
        to.keys = slab;
        to.keysAt = 0;
        to.values = slab;
        to.valuesAt = valuesAt;
    }

    /** With many queries it pays to turn a tile into floats once. */
    @Override
    public Optional<FewQueryTiles> few(int queries) {
        boolean direct = queries <= MOST && store.direct() && shape.headDim() % Tile.COLUMNS == 0;
        return direct ? Optional.of(this) : Optional.empty();
    }

    @Override
    public void scores(
            Attention.Queries queries, int tile, int positions, int first, int rows, float[] x, float[] scores) {
        KvLayout layout = store.layout();
        int[] table = step.parts().get(queries.sequence()).blocks();
        int from = tile * POSITIONS;
        for (int p = 0; p < positions; p += Tile.COLUMNS) {
            int slot = layout.slot(table, from + p);
            // Scores of a vector beyond the last position are ignored, so any slot will do.
            int next = p + Lanes.COUNT < positions ? layout.slot(table, from + p + Lanes.COUNT) : slot;
            int at = p * queries.count() + first * Tile.COLUMNS;
            store.multiplyKeys(layer, queries.kvHead(), slot, next, rows, x, first * shape.headDim(), scores, at);
        }
    }

    @Override
    public void values(
            Attention.Queries queries, int tile, int positions, int first, int rows, float[] x, int xAt, float[] sums) {
        KvLayout layout = store.layout();
        int[] table = step.parts().get(queries.sequence()).blocks();
        int from = tile * POSITIONS;
        for (int p = 0, run; p < positions; p += run) {
            int slot = layout.slot(table, from + p);
            run = Math.min(positions - p, layout.blockTokens() - (from + p) % layout.blockTokens());
            for (int column = 0; column < shape.headDim(); column += Tile.COLUMNS) {
                int at = column * queries.count() + first * Tile.COLUMNS;
                store.multiplyValues(layer, queries.kvHead(), slot, run, column, rows, x, xAt + p * rows, sums, at);
            }
        }
    }
}
