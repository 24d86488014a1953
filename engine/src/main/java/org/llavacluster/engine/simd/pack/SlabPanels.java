package org.llavacluster.engine.simd.pack;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.threads.Scratch;

/**
 * Formats that are turned into floats one slab at a time; the slab stays in the first-level cache while many rows are
 * multiplied. An output element is one chain of fused multiply-adds along k.
 */
abstract sealed class SlabPanels extends PackedMatrix permits F32Panels, Bf16Panels, Q8Panels {

    /** Values of k in a slab: with two panels 32 KB of floats. */
    private static final int SLAB_DEPTH = 8 * BLOCK;

    final MemorySegment memory;

    SlabPanels(int columns, int depth, MemorySegment memory) {
        super(columns, depth);
        this.memory = memory;
    }

    /**
     * Reads some k of a panel as floats [count, 16] into {@code to}.
     *
     * @param first a multiple of {@link #BLOCK}
     */
    abstract void read(int panel, int first, int count, float[] to, int at);

    @Override
    public final int tileRows() {
        return Tile.MOST_ROWS;
    }

    @Override
    public final void multiplyMany(float[] x, int first, int count, int column, float[] y, Scratch scratch) {
        float[] slab = scratch.slab(SLAB_DEPTH * MANY_COLUMNS);
        for (int k = 0; k < depth(); k += SLAB_DEPTH) {
            int slabDepth = Math.min(SLAB_DEPTH, depth() - k);
            for (int next = 0; next < MANY_COLUMNS; next += Lanes.PANEL) {
                read((column + next) / Lanes.PANEL, k, slabDepth, slab, next * SLAB_DEPTH);
            }
            for (int next = 0; next < MANY_COLUMNS; next += Tile.COLUMNS) {
                int w0 = inSlab(next);
                int w1 = inSlab(next + Lanes.COUNT);
                for (int row = 0, tile; row < count; row += tile) {
                    tile = Tile.rowsOf(count - row);
                    int xAt = (first + row) * depth() + k * tile;
                    int at = next * count + row * Tile.COLUMNS;
                    Tile.multiply(tile, x, xAt, slab, w0, w1, Lanes.PANEL, slabDepth, y, at);
                }
            }
        }
    }

    private static int inSlab(int column) {
        return column / Lanes.PANEL * SLAB_DEPTH * Lanes.PANEL + column % Lanes.PANEL;
    }
}
