package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Nibbles.BLOCK_BYTES;
import static org.llavacluster.engine.simd.kernel.Nibbles.SCALE_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.GemvOfNibbles;
import org.llavacluster.engine.simd.kernel.Lanes;
import org.llavacluster.engine.simd.kernel.Nibbles;
import org.llavacluster.engine.simd.kernel.PairsOfNibbles;
import org.llavacluster.engine.simd.kernel.RowsOfNibbles;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.threads.Scratch;

/**
 * q4_0: {@code w = scale * (q - 8)} with q in 0 .. 15 and one scale for 32 values of a column along k, as {@link Nibbles} tells. A
 * block is always whole: values beyond the depth are there, and are multiplied with zeros.
 *
 * <p>A row of x is its values along k, zeros up to a whole block, and the start of each block.
 */
final class NibblePanels extends PackedMatrix {

    /** Blocks of some columns that many rows go through while they are in the nearest cache. */
    private static final int NEAR_BLOCKS = 8;

    private final MemorySegment memory;
    private final int blocks;

    NibblePanels(int columns, int depth, MemorySegment memory) {
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
        int[] ints = new int[Nibbles.GROUPS];
        for (int first = 0; first < depth(); first += BLOCK) {
            int at = first / BLOCK * BLOCK_BYTES;
            int count = Math.min(BLOCK, depth() - first);
            for (int lane = 0; lane < PANEL; lane++) {
                int from = lane * depth() + first;
                short scale = NibbleScale.of(rows, from, from + count);
                Arrays.fill(ints, 0);
                for (int k = 0; k < count; k++) {
                    int q = NibbleScale.quantised(rows[from + k], Float.intBitsToFloat(scale << 16));
                    ints[Nibbles.group(k)] |= Nibbles.placed(q, k);
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
            to[at + (starts + k / BLOCK) * stride] = Nibbles.start(x, xAt + k, Math.min(BLOCK, end - k));
        }
    }

    @Override
    public void multiply(float[] x, int column, float[] y, int at) {
        GemvOfNibbles.multiply(x, blocks, memory, panels(), panelBytes(depth()), column, y, at);
    }

    @Override
    public int fewRows() {
        return 8;
    }

    @Override
    public void multiplyFew(int rows, float[] x, int column, int columns, float[] y, int at) {
        for (int block = 0; block < blocks; block++) {
            for (int next = 0; next < columns; next += Tile.COLUMNS) {
                multiply(rows, x, 0, column + next, block, 1, y, at + next * rows);
            }
        }
    }

    @Override
    public int tileRows() {
        return Math.max(8, Tile.MOST_ROWS);
    }

    @Override
    public void multiplyMany(float[] x, int first, int count, int column, float[] y, Scratch scratch) {
        for (int block = 0; block < blocks; block += NEAR_BLOCKS) {
            int near = Math.min(NEAR_BLOCKS, blocks - block);
            for (int next = 0; next < MANY_COLUMNS; next += Tile.COLUMNS) {
                for (int row = 0, tile; row < count; row += tile) {
                    tile = Tile.rowsOf(count - row, tileRows());
                    int xAt = (first + row) * rowFloats();
                    multiply(tile, x, xAt, column + next, block, near, y, next * count + row * Tile.COLUMNS);
                }
            }
        }
    }

    /** Some blocks of two vectors of columns. {@code x} holds from {@code xAt} on [{@link #rowFloats}][rows]. */
    private void multiply(int rows, float[] x, int xAt, int column, int block, int count, float[] y, int yAt) {
        int values = xAt + block * BLOCK * rows;
        int starts = xAt + (blocks * BLOCK + block) * rows;
        long a = block(column, 0, block);
        long b = block(column, 1, block);
        long aInts = a + SCALE_BYTES + Gemv.lane(column, 0) * Integer.BYTES;
        long bInts = b + SCALE_BYTES + Gemv.lane(column, 1) * Integer.BYTES;
        a += Gemv.lane(column, 0) * Short.BYTES;
        b += Gemv.lane(column, 1) * Short.BYTES;
        if (PairsOfNibbles.FIT && rows >= 4) {
            PairsOfNibbles.multiply(rows, x, values, starts, memory, a, aInts, b, bInts, count, y, yAt);
        } else {
            RowsOfNibbles.multiply(rows, x, values, starts, memory, a, aInts, count, y, yAt);
            RowsOfNibbles.multiply(rows, x, values, starts, memory, b, bInts, count, y, yAt + Lanes.COUNT);
        }
    }

    private long block(int column, int vector, int block) {
        return Gemv.panel(column, vector, panels(), panelBytes(depth())) + (long) block * BLOCK_BYTES;
    }
}
