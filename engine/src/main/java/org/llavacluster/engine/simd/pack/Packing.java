package org.llavacluster.engine.simd.pack;

import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import java.util.Arrays;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.simd.threads.Scratch;
import org.llavacluster.engine.simd.threads.Work;
import org.llavacluster.engine.simd.threads.WorkerPool;

/** Packs one weight panel by panel. */
public final class Packing implements Work {

    private final Weights.Weight weight;
    private final PackedMatrix matrix;

    private Packing(Weights.Weight weight, PackedMatrix matrix) {
        this.weight = weight;
        this.matrix = matrix;
    }

    /**
     * Writes a weight [columns, depth] into {@code matrix}.
     *
     * @throws RuntimeException naming the weight if it holds NaN or infinity
     */
    public static void pack(Weights.Weight weight, PackedMatrix matrix, WorkerPool pool) {
        pool.run(matrix.panels(), new Packing(weight, matrix), new Scratch());
    }

    @Override
    public void piece(int panel, Scratch scratch) {
        int depth = matrix.depth();
        float[] rows = scratch.rows(PANEL * depth);
        int first = panel * PANEL;
        int count = Math.clamp(matrix.columns() - first, 0, PANEL);
        if (count > 0) {
            StoredRows.read(weight, (long) first * depth, rows, 0, count * depth);
        }
        Arrays.fill(rows, count * depth, PANEL * depth, 0);
        matrix.write(panel, rows);
    }
}
