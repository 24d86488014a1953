package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUP;
import static org.llavacluster.engine.simd.kernel.Nibbles.GROUP_BYTES;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.GemvOfNibbles;
import org.llavacluster.engine.simd.kernel.Widening;

/**
 * q4_0: {@code w = scale * (q - 8)} with q in 0 .. 15 and one scale for 32 values of a column along k. A block is the 16 columns'
 * scales as bfloat16, then four groups of 16 ints, each with eight values of its column along k, the first in its lowest bits; the last
 * block of a panel may have fewer groups.
 */
final class NibblePanels extends PackedMatrix {

    private static final int SCALES = PANEL * Short.BYTES;
    private static final int BLOCK_BYTES = SCALES + BLOCK / GROUP * GROUP_BYTES;

    private final MemorySegment memory;

    NibblePanels(int columns, int depth, MemorySegment memory) {
        super(columns, depth);
        this.memory = memory;
    }

    static long panelBytes(int depth) {
        return (long) Math.ceilDiv(depth, BLOCK) * SCALES + (long) Math.ceilDiv(depth, GROUP) * GROUP_BYTES;
    }

    @Override
    public void write(int panel, float[] rows) {
        byte[] bytes = new byte[Math.toIntExact(panelBytes(depth()))];
        for (int first = 0, at = 0; first < depth(); first += BLOCK, at += BLOCK_BYTES) {
            int count = Math.min(BLOCK, depth() - first);
            for (int lane = 0; lane < PANEL; lane++) {
                int from = lane * depth() + first;
                short scale = NibbleScale.of(rows, from, from + count);
                bytes[at + 2 * lane] = (byte) scale;
                bytes[at + 2 * lane + 1] = (byte) (scale >> 8);
                for (int k = 0; k < count; k++) {
                    int q = NibbleScale.quantised(rows[from + k], Float.intBitsToFloat(scale << 16));
                    int to = at + SCALES + k / GROUP * GROUP_BYTES + lane * Integer.BYTES + k % GROUP / 2;
                    bytes[to] |= (byte) (q << 4 * (k & 1));
                }
            }
        }
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, panel * panelBytes(depth()), bytes.length);
    }

    @Override
    public void read(int panel, int first, int count, float[] to, int at) {
        long from = panel * panelBytes(depth()) + (long) first / BLOCK * BLOCK_BYTES;
        for (int k = 0; k < count; k += BLOCK, from += BLOCK_BYTES) {
            Widening.nibbles(memory, from, from + SCALES, Math.min(BLOCK, count - k), to, at + k * PANEL);
        }
    }

    @Override
    public void multiply(float[] x, int column, float[] y, int at) {
        Arrays.fill(y, at, at + Gemv.COLUMNS, 0);
        long block = 0;
        for (int first = 0; first < depth(); first += BLOCK, block += BLOCK_BYTES) {
            int count = Math.min(BLOCK, depth() - first);
            for (int next = 0; next < Gemv.COLUMNS; next += 2 * COUNT) {
                multiply(x, first, count, block, column + next, y, at + next);
            }
        }
    }

    /** One block of two vectors of columns. */
    private void multiply(float[] x, int first, int count, long block, int column, float[] y, int at) {
        long a = block + Gemv.panel(column, 0, panels(), panelBytes(depth()));
        long b = block + Gemv.panel(column, 1, panels(), panelBytes(depth()));
        long aScales = a + Gemv.lane(column, 0) * Short.BYTES;
        long bScales = b + Gemv.lane(column, 1) * Short.BYTES;
        long aInts = a + SCALES + Gemv.lane(column, 0) * Integer.BYTES;
        long bInts = b + SCALES + Gemv.lane(column, 1) * Integer.BYTES;
        int groups = count / GROUP;
        GemvOfNibbles.multiply(x, first, groups, memory, aScales, aInts, bScales, bInts, y, at);
        if (count % GROUP > 0) {
            int rest = first + groups * GROUP;
            long skipped = (long) groups * GROUP_BYTES;
            GemvOfNibbles.rest(x, rest, count % GROUP, memory, aScales, aInts + skipped, y, at);
            GemvOfNibbles.rest(x, rest, count % GROUP, memory, bScales, bInts + skipped, y, at + COUNT);
        }
    }
}
