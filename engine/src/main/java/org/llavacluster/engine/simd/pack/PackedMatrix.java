package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.Tile;

/**
 * A weight [columns, depth] of a linear layer, cut into panels of 16 columns of the result: panel after panel, in each k = 0, 1, 2,
 * ..., and for each k the 16 columns side by side. Panels are padded with zeros to an even number of them.
 *
 * <p>Each format has one way to make floats of what it stores, whoever asks, so that all kernels multiply with the same numbers.
 */
public abstract sealed class PackedMatrix permits FloatPanels, HalfPanels, BytePanels, NibblePanels {

    /** Values along k that share a scale, in the formats that have scales. */
    public static final int BLOCK = 32;

    private final int columns;
    private final int depth;

    PackedMatrix(int columns, int depth) {
        this.columns = columns;
        this.depth = depth;
    }

    /** A matrix over memory of {@link #bytes} bytes. */
    public static PackedMatrix over(WeightsFormat format, int columns, int depth, MemorySegment memory) {
        return switch (format) {
            case F32 -> new FloatPanels(columns, depth, memory);
            case BF16 -> new HalfPanels(columns, depth, memory);
            case Q8_0 -> new BytePanels(columns, depth, memory);
            case Q4_0 -> new NibblePanels(columns, depth, memory);
        };
    }

    /** Bytes that a matrix takes, a little more than it holds: kernels may read a vector beyond the end. */
    public static long bytes(WeightsFormat format, int columns, int depth) {
        long panelBytes =
                switch (format) {
                    case F32 -> FloatPanels.panelBytes(depth);
                    case BF16 -> HalfPanels.panelBytes(depth);
                    case Q8_0 -> BytePanels.panelBytes(depth);
                    case Q4_0 -> NibblePanels.panelBytes(depth);
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

    /**
     * Reads some k of a panel as floats [count, 16] into {@code to}.
     *
     * @param first a multiple of {@link #BLOCK}
     */
    public abstract void read(int panel, int first, int count, float[] to, int at);

    /**
     * One row times {@link Gemv#COLUMNS} columns, with the same result as a tile over what {@link #read} gives.
     *
     * @param x [depth]
     * @param column the first, a multiple of a vector's length
     * @param y where the sums go, from {@code at} on
     */
    public abstract void multiply(float[] x, int column, float[] y, int at);

    /** The most rows that {@link #multiplyFew} takes; 1 if it takes none. */
    public int fewRows() {
        return 1;
    }

    /**
     * A few rows times some columns, with the same result as tiles over what {@link #read} gives. Columns go along k together, a block
     * of each at a time: that many streams through memory there are.
     *
     * @param rows 2, 4 or 8, at most {@link #fewRows}
     * @param x [depth][rows]
     * @param column the first, a multiple of {@link Tile#COLUMNS}; {@code columns} likewise
     * @param y zeros, to which the sums are added: [columns / Tile.COLUMNS][rows][Tile.COLUMNS] from {@code at} on
     */
    public void multiplyFew(int rows, float[] x, int column, int columns, float[] y, int at) {
        throw new IllegalStateException("this format has no such kernel");
    }
}
