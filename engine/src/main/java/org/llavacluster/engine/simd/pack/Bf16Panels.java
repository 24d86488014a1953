package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.simd.kernel.Dequantisation;
import org.llavacluster.engine.simd.kernel.Gemv;

/** Weights kept as bfloat16: the upper half of a float, rounded to nearest, ties to even. */
final class Bf16Panels extends SlabPanels {

    private static final ValueLayout.OfShort SHORT =
            ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    Bf16Panels(int columns, int depth, MemorySegment memory) {
        super(columns, depth, memory);
    }

    static long panelBytes(int depth) {
        return (long) depth * PANEL * Short.BYTES;
    }

    @Override
    public void write(int panel, float[] rows) {
        long at = panel * panelBytes(depth());
        float[] turned = Panels.turned(rows, depth());
        for (int i = 0; i < turned.length; i++) {
            memory.set(SHORT, at + (long) i * Short.BYTES, FloatConversion.narrow(DType.BF16, turned[i]));
        }
    }

    @Override
    void read(int panel, int first, int count, float[] to, int at) {
        long from = panel * panelBytes(depth()) + (long) first * PANEL * Short.BYTES;
        Dequantisation.bfloats(memory, from, to, at, count * PANEL);
    }

    @Override
    public void multiply(float[] x, int column, float[] y, int at) {
        Gemv.halves(x, depth(), memory, panels(), panelBytes(depth()), column, y, at);
    }
}
