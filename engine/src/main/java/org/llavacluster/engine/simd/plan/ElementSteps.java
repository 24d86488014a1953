package org.llavacluster.engine.simd.plan;

import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.kernel.Activations;
import org.llavacluster.engine.simd.kernel.Addition;
import org.llavacluster.engine.simd.kernel.Norms;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;

/** Operations on single rows or elements. The result may overwrite the first operand. */
final class ElementSteps {

    /** Elements of a piece of work. */
    private static final int PIECE = 1 << 13;

    private ElementSteps() {}

    /** Writes y from x, {@code count} elements from {@code at} on in both. */
    private interface Body {
        void apply(float[] x, float[] y, int at, int count, Scratch scratch);
    }

    static PlannedStep quickGelu(Op.QuickGelu op, Slot x, Slot y) {
        return new Pieces(op.x(), x, y, PIECE, (a, b, at, n, s) -> Activations.quickGelu(a, at, b, at, n));
    }

    static PlannedStep gelu(Op.Gelu op, Slot x, Slot y) {
        return new Pieces(op.x(), x, y, PIECE, (a, b, at, n, s) -> Activations.gelu(a, at, b, at, n));
    }

    static PlannedStep layerNorm(Op.LayerNorm op, Slot x, float[] scale, float[] shift, Slot y) {
        int columns = (int) op.x().columns();
        return new Pieces(
                op.x(),
                x,
                y,
                columns,
                (a, b, at, n, s) -> Norms.layer(a, at, n, scale, shift, op.eps(), b, at, s.partial()));
    }

    static PlannedStep rmsNorm(Op.RmsNorm op, Slot x, float[] scale, Slot y) {
        int columns = (int) op.x().columns();
        return new Pieces(
                op.x(), x, y, columns, (a, b, at, n, s) -> Norms.rms(a, at, n, scale, op.eps(), b, at, s.partial()));
    }

    static PlannedStep siluGate(Op.SiluGate op, Slot gate, Slot up, Slot y) {
        return run -> {
            float[] other = run.get(up);
            new Pieces(op.gate(), gate, y, PIECE, (a, b, at, n, s) -> Activations.siluGate(a, at, other, at, b, at, n))
                    .run(run);
        };
    }

    /** The rows of b repeat. */
    static PlannedStep add(Op.Add op, Slot a, Slot b, Slot y) {
        int columns = (int) op.a().columns();
        return run -> {
            float[] other = run.get(b);
            int repeat = run.elements(op.b());
            new Pieces(op.a(), a, y, columns, (x, to, at, n, s) -> Addition.add(x, at, other, at % repeat, to, at, n))
                    .run(run);
        };
    }

    private static final class Pieces implements PlannedStep, Work {

        private final Value value;
        private final Slot x;
        private final Slot y;
        private final int size;
        private final Body body;
        private float[] from;
        private float[] to;
        private int elements;

        Pieces(Value value, Slot x, Slot y, int size, Body body) {
            this.value = value;
            this.x = x;
            this.y = y;
            this.size = size;
            this.body = body;
        }

        @Override
        public void run(ProgramRun run) {
            elements = run.elements(value);
            from = run.get(x);
            to = run.room(y, elements);
            run.share(Math.ceilDiv(elements, size), elements, this);
        }

        @Override
        public void piece(int index, Scratch scratch) {
            int at = index * size;
            body.apply(from, to, at, Math.min(size, elements - at), scratch);
        }
    }
}
