package org.llavacluster.gateway.request;

import static org.llavacluster.gateway.request.RequestLimits.GREEDY_TEMPERATURE;
import static org.llavacluster.gateway.request.RequestLimits.MAX_BIASED_TOKENS;
import static org.llavacluster.gateway.request.RequestLimits.MAX_LOGIT_BIAS;
import static org.llavacluster.gateway.request.RequestLimits.MAX_PENALTY;
import static org.llavacluster.gateway.request.RequestLimits.MAX_REPETITION_PENALTY;
import static org.llavacluster.gateway.request.RequestLimits.MAX_TEMPERATURE;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.LongSupplier;

/** The ranges of the sampling parameters. */
final class SamplingRules {

    /** vLLM's clients send this top_k to keep all tokens, like 0. */
    private static final int ALL_TOKENS = -1;

    private SamplingRules() {}

    /**
     * @param vocabulary number of token ids
     * @param seeds draws a seed for a request without one
     */
    static SamplingSettings check(ChatDraft.Sampling draft, int vocabulary, LongSupplier seeds) {
        double temperature = within("temperature", draft.temperature(), 0, 0, MAX_TEMPERATURE);
        double topP = within("top_p", draft.topP(), 1, 0, 1);
        double minP = within("min_p", draft.minP(), 0, 0, 1);
        double penalty = within("repetition_penalty", draft.repetitionPenalty(), 1, 0, MAX_REPETITION_PENALTY);
        if (penalty < Float.MIN_NORMAL) {
            throw Refusals.outside("repetition_penalty", "above 0 and at most " + MAX_REPETITION_PENALTY, penalty);
        }
        long topK = draft.topK().orElse(0);
        if (topK < ALL_TOKENS || topK > Integer.MAX_VALUE) {
            throw Refusals.outside("top_k", "from 0 to " + Integer.MAX_VALUE + ", or -1 for all", topK);
        }
        return new SamplingSettings(
                temperature < GREEDY_TEMPERATURE || (float) topP == 0 ? 0 : (float) temperature,
                // The decoder's range begins above 0; a top_p of 0 keeps only the most likely token, which is greedy.
                Math.max((float) topP, Float.MIN_VALUE),
                (int) Math.max(topK, 0),
                (float) minP,
                (float) penalty,
                (float) within("presence_penalty", draft.presencePenalty(), 0, -MAX_PENALTY, MAX_PENALTY),
                (float) within("frequency_penalty", draft.frequencyPenalty(), 0, -MAX_PENALTY, MAX_PENALTY),
                logitBias(draft.logitBias(), vocabulary),
                draft.seed().orElseGet(seeds::getAsLong));
    }

    private static Map<Integer, Float> logitBias(Map<Long, Double> draft, int vocabulary) {
        if (draft.size() > MAX_BIASED_TOKENS) {
            throw Refusals.beyond("logit_bias", "tokens", MAX_BIASED_TOKENS, draft.size());
        }
        Map<Integer, Float> biases = new HashMap<>();
        draft.forEach((id, bias) -> {
            int token = TokenIdRules.check("logit_bias", id, vocabulary);
            double checked = within("logit_bias." + id, OptionalDouble.of(bias), 0, -MAX_LOGIT_BIAS, MAX_LOGIT_BIAS);
            biases.put(token, (float) checked);
        });
        return biases;
    }

    private static double within(String field, OptionalDouble given, double absent, double min, double max) {
        double value = given.orElse(absent);
        // NaN is in no range.
        if (!(value >= min && value <= max)) {
            throw Refusals.outside(field, "from " + min + " to " + max, value);
        }
        return value;
    }
}
