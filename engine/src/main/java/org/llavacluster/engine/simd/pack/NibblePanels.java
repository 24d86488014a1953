package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.llavacluster.engine.simd.kernel.Gemv;
import org.llavacluster.engine.simd.kernel.Widening;

/**
 * q4_0: {@code w = scale * (q - 8)} with q in 0 .. 15 and one scale for 32 values of a column along k. A block is the 16 columns'
 * scales as bfloat16, then [16, 16] bytes, the lower half of each for an even k, the upper half for the next; the last block of a
 * panel may be shorter.
 */
final class NibblePanels extends PackedMatrix {

    private static final int SCALES = PANEL * Short.BYTES;
    private static final int BLOCK_BYTES = SCALES + BLOCK / 2 * PANEL;

    private final MemorySegment memory;

    NibblePanels(int columns, int depth, MemorySegment memory) {
        super(columns, depth);
        this.memory = memory;
    }

    static long panelBytes(int depth) {
        return (long) Math.ceilDiv(depth, BLOCK) * SCALES + (long) Math.ceilDiv(depth, 2) * PANEL;
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
                    bytes[at + SCALES + k / 2 * PANEL + lane] |= (byte) (q << 4 * (k & 1));
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
        Gemv.nibbles(x, depth(), memory, panels(), panelBytes(depth()), column, BLOCK, BLOCK_BYTES, y, at);
    }
}
