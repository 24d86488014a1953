package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.kernel.Q4Block;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.threads.Scratch;

/**
 * A weight [columns, depth] of a linear layer, cut into panels of 16 columns of the result (which are rows of the
 * weight as a checkpoint stores it). The panels follow one another. In each, k goes from 0 to depth - 1, and the 16
 * values of one k lie side by side. The number of panels is rounded up to an even one with a panel of zeros.
 *
 * <p>Each format has one chain of operations per output element, whatever the number of rows.
 */
public abstract sealed class PackedMatrix permits SlabPanels, Q4Panels {

    /** Values along k that share a scale, in formats with scales. */
    public static final int BLOCK = Q4Block.BLOCK;

    /** Columns that {@link #multiplyMany} computes at once: whole panels, and whole register tiles. */
    public static final int MANY_COLUMNS = Math.max(Lanes.PANEL, Tile.COLUMNS);

    private final int columns;
    private final int depth;

    PackedMatrix(int columns, int depth) {
        this.columns = columns;
        this.depth = depth;
    }

    /** A matrix over memory of {@link #bytes} bytes. */
    public static PackedMatrix over(WeightsFormat format, int columns, int depth, MemorySegment memory) {
        return switch (format) {
            case F32 -> new F32Panels(columns, depth, memory);
            case BF16 -> new Bf16Panels(columns, depth, memory);
            case Q8_0 -> new Q8Panels(columns, depth, memory);
            case Q4_0 -> new Q4Panels(columns, depth, memory);
        };
    }

    /** Bytes that a matrix takes, a little more than it holds: kernels may read a vector beyond the end. */
    public static long bytes(WeightsFormat format, int columns, int depth) {
        long panelBytes =
                switch (format) {
                    case F32 -> F32Panels.panelBytes(depth);
                    case BF16 -> Bf16Panels.panelBytes(depth);
                    case Q8_0 -> Q8Panels.panelBytes(depth);
                    case Q4_0 -> Q4Panels.panelBytes(depth);
                };
        return panels(columns) * panelBytes + 64;
    }

    static int panels(int columns) {
        return (columns + 2 * PANEL - 1) / (2 * PANEL) * 2;
    }

    /** Columns of the result. */
    public int columns() {
        return columns;
    }

    /** Columns of x. */
    public int depth() {
        return depth;
    }

    public int panels() {
        return panels(columns);
    }

    /** Writes a panel. {@code rows} holds the weight's 16 rows [16, depth]. */
    public abstract void write(int panel, float[] rows);

    /** Floats of a row of x as kernels read it: its values along k, and what else a format has to know of them. */
    public int rowFloats() {
        return depth;
    }

    /**
     * Lays some values of a row where kernels read them.
     *
     * @param x the row from {@code xAt} on
     * @param first a multiple of {@link #BLOCK}; {@code end} too, or it is the depth
     * @param to the row's floats, {@code stride} of them apart from {@code at} on
     */
    public void lay(float[] x, int xAt, int first, int end, float[] to, int at, int stride) {
        for (int k = first; k < end; k++) {
            to[at + k * stride] = x[xAt + k];
        }
    }

    /**
     * One row times {@link Gemv#COLUMNS} columns.
     *
     * @param x [{@link #rowFloats}]
     * @param column the first, a multiple of a vector's length
     * @param y where the sums go, from {@code at} on
     */
    public abstract void multiply(float[] x, int column, float[] y, int at);

    /** The most rows that {@link #multiplyFew} takes; 1 if it takes none. */
    public int fewRows() {
        return 1;
    }

    /** Rows of the largest tile that {@link #multiplyFew} works with. */
    public int fewTileRows() {
        return fewRows();
    }

    /**
     * A few rows times some columns.
     *
     * @param rows 2, 4 or 8, at most {@link #fewRows}
     * @param x tile after tile of {@link #fewTileRows} rows, or of {@code rows} if those are fewer, each [{@link
     *     #rowFloats}][rows of the tile]
     * @param column the first, a multiple of two panels; {@code columns} likewise
     * @param y zeros, to which the sums are added: [columns / Tile.COLUMNS][rows][Tile.COLUMNS] from {@code at} on
     */
    public void multiplyFew(int rows, float[] x, int column, int columns, float[] y, int at, Scratch scratch) {
        throw new IllegalStateException("this format has no such kernel");
    }

    /** Where {@link #multiplyFew} adds up the first row of a column. */
    static int sumAt(int column, int rows) {
        return column / Tile.COLUMNS * rows * Tile.COLUMNS + column % Tile.COLUMNS;
    }

    /** Rows of the largest tile that {@link #multiplyMany} works with. */
    public abstract int tileRows();

    /**
     * Any number of rows times {@link #MANY_COLUMNS} columns.
     *
     * @param x tile after tile of {@link Tile#rowsOf} rows, each [{@link #rowFloats}][rows of the tile]
     * @param first the first row, a multiple of {@link #tileRows}; {@code count} likewise, or it takes the last rows
     * @param column the first, a multiple of {@code MANY_COLUMNS}
     * @param y zeros, to which the sums are added: [MANY_COLUMNS / Tile.COLUMNS][count][Tile.COLUMNS]
     */
    public abstract void multiplyMany(float[] x, int first, int count, int column, float[] y, Scratch scratch);
}
