package org.llavacluster.model.sampling;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.HostTensor;

/**
 * Chooses tokens: biases, repetition penalty, frequency and presence penalty, temperature, top-k, top-p, min-p, in that
 * order, then a draw. The first four follow vLLM and OpenAI, the others Hugging Face transformers. All sums run in the
 * order of ids and all exponentials are fdlibm's, so equal logits give equal tokens on every machine. Keeps scratch
 * memory for one row of logits: one sampler per thread serves any number of requests.
 */
public final class Sampler {

    private static final int[] NO_IDS = {};
    private static final float[] NO_LOGPROBS = {};

    /** Scores by id: the logits, adjusted in place. */
    private final float[] scores;

    private final LogitAdjuster adjuster;
    private final Candidates candidates;

    public Sampler(int vocabulary) {
        this.scores = new float[vocabulary];
        this.adjuster = new LogitAdjuster(vocabulary);
        this.candidates = new Candidates(vocabulary);
    }

    /**
     * Chooses the token at an index of an answer. The result depends on the arguments only, so a resumed answer
     * continues as the interrupted one would have. Greedy choice and all other ties go to the lowest id.
     *
     * @param logits {@code [vocabulary]} little-endian floats
     * @param history ids of prompt and answer so far, for the penalties; prompt ids outside the vocabulary are ignored
     * @param historyLength number of valid ids in history, of which the last {@code index} are the answer's
     * @param index index of the token among the generated ones
     * @throws ArithmeticException if a logit is NaN or positive infinity, or all are negative infinity
     */
    public Sampled sample(SamplingParams params, MemorySegment logits, int[] history, int historyLength, long index) {
        MemorySegment.copy(logits, HostTensor.FLOAT, 0, scores, 0, scores.length);
        requireFinite();
        if (params.topLogprobs() < 0) {
            return new Sampled(choose(params, history, historyLength, index), Float.NaN, NO_IDS, NO_LOGPROBS);
        }

        double logSum = logSumOfExponentials();
        int[] topIds = topIds(params.topLogprobs());
        float[] topLogprobs = topIds.length == 0 ? NO_LOGPROBS : new float[topIds.length];
        for (int i = 0; i < topIds.length; i++) {
            topLogprobs[i] = (float) (scores[topIds[i]] - logSum);
        }
        int id = choose(params, history, historyLength, index);
        float logit = logits.getAtIndex(HostTensor.FLOAT, id);
        return new Sampled(id, (float) (logit - logSum), topIds, topLogprobs);
    }

    private int choose(SamplingParams params, int[] history, int historyLength, long index) {
        LogitAdjustments adjustments = params.adjustments();
        if (adjustments != LogitAdjustments.NONE) {
            adjuster.bias(scores, adjustments, index);
            if (scores[highest()] == Float.NEGATIVE_INFINITY) {
                throw new ArithmeticException("no token may be chosen");
            }
        }
        if (params.repetitionPenalty() != 1) {
            adjuster.repetition(scores, params.repetitionPenalty(), history, historyLength);
        }
        if (adjustments.penalises()) {
            int answer = historyLength - Math.toIntExact(index);
            adjuster.occurrences(scores, adjustments, history, answer, historyLength);
        }
        if (params.isGreedy()) {
            return highest();
        }
        candidates.fill(scores, scores[highest()], params);
        return candidates.draw(CounterRandom.uniform(params.seed(), index));
    }

    private void requireFinite() {
        float max = Float.NEGATIVE_INFINITY;
        for (float score : scores) {
            // False for NaN as well.
            if (!(score < Float.POSITIVE_INFINITY)) {
                throw new ArithmeticException("a logit is " + score);
            }
            max = Math.max(max, score);
        }
        if (max == Float.NEGATIVE_INFINITY) {
            throw new ArithmeticException("all logits are " + max);
        }
    }

    private int highest() {
        int best = 0;
        for (int id = 1; id < scores.length; id++) {
            if (scores[id] > scores[best]) {
                best = id;
            }
        }
        return best;
    }

    private double logSumOfExponentials() {
        double max = scores[highest()];
        double sum = 0;
        for (float score : scores) {
            sum += StrictMath.exp(score - max);
        }
        return max + StrictMath.log(sum);
    }

    /** The ids of the highest scores, highest first. */
    private int[] topIds(int wanted) {
        int count = Math.min(wanted, scores.length);
        if (count == 0) {
            return NO_IDS;
        }
        int[] top = new int[count];
        int filled = 0;
        for (int id = 0; id < scores.length; id++) {
            if (filled == count && scores[id] <= scores[top[count - 1]]) {
                continue;
            }
            int place = filled < count ? filled++ : count - 1;
            while (place > 0 && scores[top[place - 1]] < scores[id]) {
                top[place] = top[place - 1];
                place--;
            }
            top[place] = id;
        }
        return top;
    }
}
