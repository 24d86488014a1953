package org.llavacluster.engine.simd.attention;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.simd.threads.Scratch;

/** Keys and values of one layer of the cache, made floats a tile at a time. */
final class CachedTiles implements HeadTiles {

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
        short[] halves = scratch.halves(POSITIONS * dim);
        int first = tile * POSITIONS;
        int valuesAt = POSITIONS * dim;
        boolean together = layout.blockTokens() % PANEL == 0;
        for (int i = 0; i < count; i += together ? PANEL : 1) {
            int slot = layout.slot(table, first + i);
            if (together) {
                store.keys(layer, kvHead, slot, slab, i * dim, halves);
            } else {
                store.key(layer, kvHead, slot, slab, i / PANEL * PANEL * dim + i % PANEL);
            }
        }
        // What lies together in a block and in the tile is read together.
        boolean dense = shape.valueStride() == dim;
        for (int i = 0, run; i < count; i += run) {
            run = dense ? Math.min(count - i, layout.blockTokens() - (first + i) % layout.blockTokens()) : 1;
            int slot = layout.slot(table, first + i);
            store.values(layer, kvHead, slot, run, slab, valuesAt + i * shape.valueStride(), halves);
        }
        to.keys = slab;
        to.keysAt = 0;
        to.values = slab;
        to.valuesAt = valuesAt;
    }
}
