package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Q4Block.BLOCK_BYTES;
import static org.llavacluster.engine.simd.kernel.Q4Block.SCALE_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.llavacluster.engine.simd.kernel.Dequantisation;
import org.llavacluster.engine.simd.kernel.Q4Block;
import org.llavacluster.engine.simd.kernel.Q4Gemv;
import org.llavacluster.engine.simd.kernel.Q4SmallBatch;
import org.llavacluster.engine.simd.kernel.Q4Tile;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.threads.Scratch;

/**
 * q4_0: {@code w = scale * (q - 8)} with q in 0 .. 15 and one scale for 32 values of a column along k, in the layout of
 * {@link Q4Block}. Blocks are always whole: values beyond the depth exist and are multiplied by zeros.
 *
 * <p>A row of x is its values along k, zeros up to a whole block, and the start of each block.
 */
final class Q4Panels extends PackedMatrix {

    /**
     * Blocks that are turned into floats at a time; they stay in the first-level cache while all rows are multiplied.
     */
    private static final int NEAR_BLOCKS = 8;

    private final MemorySegment memory;
    private final int blocks;

    Q4Panels(int columns, int depth, MemorySegment memory) {
        super(columns, depth);
        this.memory = memory;
        this.blocks = Math.ceilDiv(depth, BLOCK);
    }

    static long panelBytes(int depth) {
        return (long) Math.ceilDiv(depth, BLOCK) * BLOCK_BYTES;
    }

    @Override
    public void write(int panel, float[] rows) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Math.toIntExact(panelBytes(depth()))).order(ByteOrder.LITTLE_ENDIAN);
        int[] ints = new int[Q4Block.GROUPS];
        for (int first = 0; first < depth(); first += BLOCK) {
            int at = first / BLOCK * BLOCK_BYTES;
            int count = Math.min(BLOCK, depth() - first);
            for (int lane = 0; lane < PANEL; lane++) {
                int from = lane * depth() + first;
                short scale = Q4Scale.of(rows, from, from + count);
                Arrays.fill(ints, 0);
                for (int k = 0; k < count; k++) {
                    int q = Q4Scale.quantised(rows[from + k], Float.intBitsToFloat(scale << 16));
                    ints[Q4Block.group(k)] |= Q4Block.placed(q, k);
                }
                bytes.putShort(at + lane * Short.BYTES, scale);
                for (int group = 0; group < ints.length; group++) {
                    bytes.putInt(at + SCALE_BYTES + (group * PANEL + lane) * Integer.BYTES, ints[group]);
                }
            }
        }
        MemorySegment.copy(
                bytes.array(), 0, memory, ValueLayout.JAVA_BYTE, panel * panelBytes(depth()), bytes.capacity());
    }

    @Override
    public int rowFloats() {
        return blocks * BLOCK + blocks;
    }

    @Override
    public void lay(float[] x, int xAt, int first, int end, float[] to, int at, int stride) {
        super.lay(x, xAt, first, end, to, at, stride);
        int starts = blocks * BLOCK;
        if (end == depth()) {
            for (int k = end; k < starts; k++) {
                to[at + k * stride] = 0;
            }
        }
        for (int k = first; k < end; k += BLOCK) {
            to[at + (starts + k / BLOCK) * stride] = Q4Block.start(x, xAt + k, Math.min(BLOCK, end - k));
        }
    }

    @Override
    public void multiply(float[] x, int column, float[] y, int at) {
        Q4Gemv.multiply(x, blocks, memory, panels(), panelBytes(depth()), column, y, at);
    }

    @Override
    public int fewRows() {
        return 8;
    }

    @Override
    public int fewTileRows() {
        return Q4SmallBatch.FIT ? fewRows() : Integer.highestOneBit(Q4Tile.MOST_ROWS);
    }

    @Override
    public void multiplyFew(int rows, float[] x, int column, int columns, float[] y, int at, Scratch scratch) {
        int step = Q4SmallBatch.FIT ? 2 * PANEL : MANY_COLUMNS;
        for (int next = 0; next < columns; next += step) {
            if (Q4SmallBatch.FIT) {
                twoPanels(rows, x, column + next, y, at + next * rows);
            } else {
                multiply(x, 0, rows, fewTileRows(), column + next, y, at + next * rows, scratch);
            }
        }
    }

    private void twoPanels(int rows, float[] x, int column, float[] y, int at) {
        long a = column / PANEL * panelBytes(depth());
        long b = a + panelBytes(depth());
        for (int lane = 0; lane < PANEL; lane += COUNT) {
            int aAt = at + sumAt(lane, rows);
            int bAt = at + sumAt(PANEL + lane, rows);
            Q4SmallBatch.multiply(rows, x, blocks, memory, a, b, lane, y, aAt, bAt);
        }
    }

    @Override
    public int tileRows() {
        return Q4Tile.MOST_ROWS;
    }

    @Override
    public void multiplyMany(float[] x, int first, int count, int column, float[] y, Scratch scratch) {
        multiply(x, first, count, tileRows(), column, y, 0, scratch);
    }

    /** Turns some blocks of the columns into floats, then multiplies all rows with them. */
    private void multiply(float[] x, int first, int count, int most, int column, float[] y, int at, Scratch scratch) {
        int scales = NEAR_BLOCKS * BLOCK * MANY_COLUMNS;
        float[] slab = scratch.slab(scales + NEAR_BLOCKS * MANY_COLUMNS);
        for (int block = 0; block < blocks; block += NEAR_BLOCKS) {
            int near = Math.min(NEAR_BLOCKS, blocks - block);
            for (int next = 0; next < MANY_COLUMNS; next += PANEL) {
                long panel = (column + next) / PANEL * panelBytes(depth());
                for (int i = 0; i < near; i++) {
                    int floats = (next * NEAR_BLOCKS + i * PANEL) * BLOCK;
                    int scalesAt = scales + next * NEAR_BLOCKS + i * PANEL;
                    Dequantisation.nibbles(memory, panel + (long) (block + i) * BLOCK_BYTES, slab, floats, scalesAt);
                }
            }
            for (int next = 0; next < MANY_COLUMNS; next += Tile.COLUMNS) {
                int w0 = inSlab(next, BLOCK);
                int w1 = inSlab(next + COUNT, BLOCK);
                int s0 = scales + inSlab(next, 1);
                int s1 = scales + inSlab(next + COUNT, 1);
                for (int row = 0, tile; row < count; row += tile) {
                    tile = Tile.rowsOf(count - row, most);
                    int xAt = (first + row) * rowFloats();
                    int values = xAt + block * BLOCK * tile;
                    int starts = xAt + (blocks * BLOCK + block) * tile;
                    int yAt = at + next * count + row * Tile.COLUMNS;
                    Q4Tile.multiply(tile, x, values, starts, slab, w0, w1, s0, s1, near, y, yAt);
                }
            }
        }
    }

    /** Where a column is in the slab, of which each block holds {@code rows} rows of a panel. */
    private static int inSlab(int column, int rows) {
        return column / PANEL * NEAR_BLOCKS * rows * PANEL + column % PANEL;
    }
}
