package org.llavacluster.engine.simd.plan;

import java.util.List;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Value;
import org.llavacluster.engine.simd.kernel.RotaryKernel;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;

/**
 * Cosines and sines for the positions of a step's rows, computed once for all layers with the same frequencies.
 * StrictMath gives the same bits on every processor.
 */
final class RotaryTable implements PlannedStep {

    private final Value positions;
    private final List<Float> frequencies;
    private final float scale;
    /** [rows][2][half]. */
    private float[] turns = {};

    RotaryTable(Value positions, List<Float> frequencies, float scale) {
        this.positions = positions;
        this.frequencies = frequencies;
        this.scale = scale;
    }

    boolean fit(Op.Rope op) {
        return op.positions().equals(positions)
                && op.frequencies().equals(frequencies)
                && Float.compare(op.scale(), scale) == 0;
    }

    @Override
    public void run(ProgramRun run) {
        int rows = run.rows(positions);
        int[] of = run.ints(positions);
        int half = frequencies.size();
        if (turns.length < rows * 2 * half) {
            turns = new float[rows * 2 * half];
        }
        run.share(rows, (long) rows * half * 16, (row, scratch) -> {
            for (int i = 0; i < half; i++) {
                // Rounded to float32 as in the models that the checkpoints were trained with.
                float angle = of[row] * frequencies.get(i);
                turns[row * 2 * half + i] = (float) (StrictMath.cos(angle) * scale);
                turns[row * 2 * half + half + i] = (float) (StrictMath.sin(angle) * scale);
            }
        });
    }

    PlannedStep rotate(Op.Rope op, Slot x, Slot y) {
        return new Rotate(op, x, y);
    }

    private final class Rotate implements PlannedStep, Work {

        private final Op.Rope op;
        private final Slot x;
        private final Slot y;
        private float[] from;
        private float[] to;

        Rotate(Op.Rope op, Slot x, Slot y) {
            this.op = op;
            this.x = x;
            this.y = y;
        }

        @Override
        public void run(ProgramRun run) {
            int elements = run.elements(op.x());
            from = run.get(x);
            to = run.room(y, elements);
            run.share(run.rows(op.x()), elements, this);
        }

        @Override
        public void piece(int row, Scratch scratch) {
            int half = frequencies.size();
            for (int head = row * op.heads(); head < (row + 1) * op.heads(); head++) {
                int at = head * 2 * half;
                RotaryKernel.rotate(from, at, turns, row * 2 * half, half, to, at);
            }
        }
    }
}
