package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Q8Block.BLOCK_BYTES;
import static org.llavacluster.engine.simd.kernel.Q8Block.SCALES_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.llavacluster.engine.simd.kernel.Dequantisation;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.Q8Gemv;
import org.llavacluster.engine.simd.kernel.Q8SmallBatch;
import org.llavacluster.engine.simd.kernel.Tile;
import org.llavacluster.engine.simd.threads.Scratch;

/**
 * q8_0: {@code w = scale * q} with q in -127 .. 127 and one scale for 32 values of a column along k. A block is the 16
 * columns' scales as bfloat16, then q [32, 16]; the last block of a panel may be shorter. A scale is rounded up, so
 * that every q stays in its range; it is at most 1/128 larger than necessary.
 */
final class Q8Panels extends SlabPanels {

    private static final int MOST = 127;

    Q8Panels(int columns, int depth, MemorySegment memory) {
        super(columns, depth, memory);
    }

    static long panelBytes(int depth) {
        return (long) Math.ceilDiv(depth, BLOCK) * SCALES_BYTES + (long) depth * PANEL;
    }

    @Override
    public void write(int panel, float[] rows) {
        byte[] bytes = new byte[Math.toIntExact(panelBytes(depth()))];
        for (int first = 0, at = 0; first < depth(); first += BLOCK, at += BLOCK_BYTES) {
            int count = Math.min(BLOCK, depth() - first);
            for (int lane = 0; lane < PANEL; lane++) {
                int from = lane * depth() + first;
                short scale = Panels.roundedUp(Panels.largest(rows, from, from + count) / MOST);
                bytes[at + 2 * lane] = (byte) scale;
                bytes[at + 2 * lane + 1] = (byte) (scale >> 8);
                float step = Float.intBitsToFloat(scale << 16);
                for (int k = 0; k < count; k++) {
                    int q = step == 0 ? 0 : Math.round(rows[from + k] / step);
                    bytes[at + SCALES_BYTES + k * PANEL + lane] = (byte) Math.clamp(q, -MOST, MOST);
                }
            }
        }
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, panel * panelBytes(depth()), bytes.length);
    }

    @Override
    void read(int panel, int first, int count, float[] to, int at) {
        long from = panel * panelBytes(depth()) + (long) first / BLOCK * BLOCK_BYTES;
        for (int k = 0; k < count; k += BLOCK, from += BLOCK_BYTES) {
            Dequantisation.bytes(memory, from, from + SCALES_BYTES, Math.min(BLOCK, count - k), to, at + k * PANEL);
        }
    }

    @Override
    public void multiply(float[] x, int column, float[] y, int at) {
        Q8Gemv.multiply(x, depth() / BLOCK, memory, panels(), panelBytes(depth()), column, y, at);
        multiplyRest(1, x, 0, column, Gemv.COLUMNS, y, at, 1);
    }

    @Override
    public int fewRows() {
        return 8;
    }

    @Override
    public int fewTileRows() {
        return Q8SmallBatch.MOST_ROWS;
    }

    @Override
    public void multiplyFew(int rows, float[] x, int column, int columns, float[] y, int at, Scratch scratch) {
        int tile = Math.min(rows, fewTileRows());
        int blocks = depth() / BLOCK;
        for (int next = 0; next < columns; next += 2 * PANEL) {
            long a = (column + next) / PANEL * panelBytes(depth());
            long b = a + panelBytes(depth());
            for (int lane = 0; lane < PANEL; lane += COUNT) {
                int aAt = at + sumAt(next + lane, rows);
                int bAt = at + sumAt(next + PANEL + lane, rows);
                for (int row = 0; row < rows; row += tile) {
                    int yRow = row * Tile.COLUMNS;
                    Q8SmallBatch.multiply(
                            tile, x, row * depth(), blocks, memory, a, b, lane, y, aAt + yRow, bAt + yRow);
                }
            }
        }
        for (int row = 0; row < rows; row += tile) {
            multiplyRest(tile, x, row * depth(), column, columns, y, at + row * Tile.COLUMNS, rows);
        }
    }

    /**
     * Multiplies the values along k beyond the last whole block. No LLaMA or CLIP has such values, so the allocation
     * here does not matter.
     *
     * @param rows of the tile, which lies in x from {@code xAt} on
     * @param held the rows that y has room for
     */
    private void multiplyRest(int rows, float[] x, int xAt, int column, int columns, float[] y, int at, int held) {
        int count = depth() % BLOCK;
        if (count == 0) {
            return;
        }
        int first = depth() - count;
        float[] floats = new float[2 * BLOCK * PANEL];
        for (int next = 0; next < columns; next += Tile.COLUMNS) {
            int w0 = rest(column + next, first, count, floats, 0);
            int w1 = rest(column + next + COUNT, first, count, floats, BLOCK * PANEL);
            Tile.multiply(rows, x, xAt + first * rows, floats, w0, w1, PANEL, count, y, at + next * held);
        }
    }

    /** Reads the panel of a column into {@code to} and returns where the column begins there. */
    private int rest(int column, int first, int count, float[] to, int at) {
        read(Math.min(column / PANEL, panels() - 1), first, count, to, at);
        return at + column % PANEL;
    }
}
