package org.llavacluster.engine.simd.kernel;

import static org.llavacluster.engine.simd.kernel.Lanes.COUNT;
import static org.llavacluster.engine.simd.kernel.Lanes.FLOATS;
import static org.llavacluster.engine.simd.kernel.Lanes.PANEL;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/**
 * Online softmax of one query (arXiv 1805.02867). Its state is the maximum so far and 16 partial sums of weights;
 * position p goes to partial sum p mod 16.
 */
public final class Softmax {

    private Softmax() {}

    /**
     * Turns a tile of scores into weights relative to the maximum so far.
     *
     * @param scores in pieces of {@link Tile#COLUMNS}, one at {@code at}, the next {@code pieceStride} further
     * @param positions of the tile
     * @param seen how many of them the query sees: the weights of others are 0, whatever their scores
     * @param state partial sums and maximum, from {@code stateAt}; weights go to {@code state} too, from {@code
     *     weightsAt}, one every {@code weightsStride}
     * @return the factor for everything that was weighted with the previous maximum
     */
    public static float tile(
            float[] scores,
            int at,
            int pieceStride,
            int positions,
            int seen,
            float scale,
            float[] state,
            int stateAt,
            int weightsAt,
            int weightsStride,
            float[] sixteen) {
        float before = state[stateAt + PANEL];
        FloatVector largest = FloatVector.broadcast(FLOATS, before);
        for (int p = 0; p < positions; p += COUNT) {
            int place = at + p / Tile.COLUMNS * pieceStride + p % Tile.COLUMNS;
            FloatVector score = FloatVector.fromArray(FLOATS, scores, place).mul(scale);
            if (p + COUNT > seen) {
                VectorMask<Float> hidden = FLOATS.indexInRange(p, seen).not();
                score = score.blend(Float.NEGATIVE_INFINITY, hidden);
            }
            score.intoArray(scores, place);
            largest = largest.max(score);
        }
        float maximum = largest.reduceLanes(VectorOperators.MAX);
        float change = maximum == before
                ? 1
                : Exp.of(FloatVector.broadcast(FLOATS, before - maximum)).lane(0);
        state[stateAt + PANEL] = maximum;
        for (int part = 0; part < PANEL; part += COUNT) {
            FloatVector sum =
                    FloatVector.fromArray(FLOATS, state, stateAt + part).mul(change);
            for (int p = part; p < positions; p += PANEL) {
                int place = at + p / Tile.COLUMNS * pieceStride + p % Tile.COLUMNS;
                FloatVector weight =
                        Exp.of(FloatVector.fromArray(FLOATS, scores, place).sub(maximum));
                sum = sum.add(weight);
                weight.intoArray(sixteen, 0);
                for (int lane = 0; lane < COUNT; lane++) {
                    state[weightsAt + (p + lane) * weightsStride] = sixteen[lane];
                }
            }
            sum.intoArray(state, stateAt + part);
        }
        return change;
    }

    /** The sum of all weights. */
    public static float sum(float[] state, int stateAt, float[] sixteen) {
        System.arraycopy(state, stateAt, sixteen, 0, PANEL);
        return Norms.tree(sixteen);
    }
}
