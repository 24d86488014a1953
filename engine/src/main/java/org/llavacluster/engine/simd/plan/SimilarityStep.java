package org.llavacluster.engine.simd.plan;

import org.llavacluster.engine.program.Op;

/** Similarities of pairs of rows. They are computed while a model is trained or judged, and never while it serves. */
final class SimilarityStep {

    private SimilarityStep() {}

    static PlannedStep of(Op.PairSimilarities op, Slot a, Slot b, float[] logScale, Slot y) {
        int columns = (int) op.a().columns();
        double scale = Math.exp(logScale[0]);
        return run -> {
            int rows = run.rows(op.a());
            float[] left = run.get(a);
            float[] right = run.get(b);
            float[] to = run.room(y, 2 * rows * rows);
            for (int i = 0; i < rows; i++) {
                for (int j = 0; j < rows; j++) {
                    float similarity = (float) (scale * cosine(left, i * columns, right, j * columns, columns));
                    to[i * rows + j] = similarity;
                    to[(rows + j) * rows + i] = similarity;
                }
            }
        };
    }

    private static double cosine(float[] a, int atA, float[] b, int atB, int columns) {
        double product = 0;
        double squaresOfA = 0;
        double squaresOfB = 0;
        for (int c = 0; c < columns; c++) {
            product += (double) a[atA + c] * b[atB + c];
            squaresOfA += (double) a[atA + c] * a[atA + c];
            squaresOfB += (double) b[atB + c] * b[atB + c];
        }
        return product / Math.sqrt(squaresOfA * squaresOfB);
    }
}
