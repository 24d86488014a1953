package org.llavacluster.engine.reference;

/** Scaled dot-product attention of one row over any keys; query head h reads KV head {@code h / (heads / kvHeads)}. */
record Heads(int heads, int kvHeads, int headDim) {

    /**
     * @param q [rows, heads * headDim], of which {@code row} attends
     * @param k keys, [any, kvHeads * headDim]; v likewise
     * @param keys the rows of k and v that it sees
     * @param y [rows, heads * headDim], of which {@code row} is written
     */
    void attend(float[] q, int row, float[] k, float[] v, int[] keys, float[] y) {
        for (int head = 0; head < heads; head++) {
            int query = (row * heads + head) * headDim;
            int kvHead = head / (heads / kvHeads);
            double[] scores = new double[keys.length];
            double max = Double.NEGATIVE_INFINITY;
            for (int j = 0; j < keys.length; j++) {
                int key = (keys[j] * kvHeads + kvHead) * headDim;
                for (int d = 0; d < headDim; d++) {
                    scores[j] += (double) q[query + d] * k[key + d];
                }
                scores[j] /= Math.sqrt(headDim);
                max = Math.max(max, scores[j]);
            }
            double sum = 0;
            for (int j = 0; j < keys.length; j++) {
                scores[j] = Math.exp(scores[j] - max);
                sum += scores[j];
            }
            for (int d = 0; d < headDim; d++) {
                double value = 0;
                for (int j = 0; j < keys.length; j++) {
                    value += scores[j] / sum * v[(keys[j] * kvHeads + kvHead) * headDim + d];
                }
                y[query + d] = (float) value;
            }
        }
    }
}
