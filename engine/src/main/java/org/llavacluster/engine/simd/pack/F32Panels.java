package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.simd.kernel.Gemv;

/** Weights kept as float32. */
final class F32Panels extends SlabPanels {

    F32Panels(int columns, int depth, MemorySegment memory) {
        super(columns, depth, memory);
    }

    static long panelBytes(int depth) {
        return (long) depth * PANEL * Float.BYTES;
    }

    @Override
    public void write(int panel, float[] rows) {
        float[] turned = Panels.turned(rows, depth());
        MemorySegment.copy(turned, 0, memory, HostTensor.FLOAT, panel * panelBytes(depth()), turned.length);
    }

    @Override
    void read(int panel, int first, int count, float[] to, int at) {
        long from = panel * panelBytes(depth()) + (long) first * PANEL * Float.BYTES;
        MemorySegment.copy(memory, HostTensor.FLOAT, from, to, at, count * PANEL);
    }

    @Override
    public void multiply(float[] x, int column, float[] y, int at) {
        Gemv.floats(x, depth(), memory, panels(), panelBytes(depth()), column, y, at);
    }
}
