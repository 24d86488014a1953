package org.llavacluster.engine.reference;

import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;
import org.llavacluster.engine.program.Op;

/** K and V of all layers, {@code [layers][slots * kvHeads * headDim]}, rounded to the stored type. */
final class ReferenceKvCache {

    private final KvLayout layout;
    private final float[][] k;
    private final float[][] v;

    ReferenceKvCache(KvLayout layout) {
        this.layout = layout;
        int elements = Math.toIntExact(layout.positions() * layout.kvHeads() * layout.headDim());
        k = new float[layout.layers()][elements];
        v = new float[layout.layers()][elements];
    }

    void check(KvStep step) {
        layout.check(step);
    }

    HostTensor attend(Op.KvAttention op, HostTensor q, HostTensor newK, HostTensor newV, KvStep step) {
        Heads heads = new Heads(op.heads(), op.kvHeads(), layout.headDim());
        store(newK.toFloats(), k[op.layer()], step);
        store(newV.toFloats(), v[op.layer()], step);
        float[] y = new float[Math.toIntExact(q.size())];
        int row = 0;
        for (KvStep.Part part : step.parts()) {
            for (int t = 0; t < part.rows(); t++) {
                int[] keys = new int[part.start() + t + 1];
                for (int position = 0; position < keys.length; position++) {
                    keys[position] = layout.slot(part.blocks(), position);
                }
                heads.attend(q.toFloats(), row++, k[op.layer()], v[op.layer()], keys, y);
            }
        }
        return HostTensor.ofFloats(y, q.shape());
    }

    private void store(float[] rows, float[] cache, KvStep step) {
        int columns = layout.kvHeads() * layout.headDim();
        int row = 0;
        for (KvStep.Part part : step.parts()) {
            for (int t = 0; t < part.rows(); t++) {
                int slot = layout.slot(part.blocks(), part.start() + t);
                for (int c = 0; c < columns; c++) {
                    cache[slot * columns + c] = stored(rows[row * columns + c]);
                }
                row++;
            }
        }
    }

    private float stored(float value) {
        return layout.dtype() == DType.F32
                ? value
                : FloatConversion.widen(layout.dtype(), FloatConversion.narrow(layout.dtype(), value));
    }
}
