package org.llavacluster.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SamplingParamsTest {

    @ParameterizedTest
    @CsvSource({
        "NaN, 1, 0, 0, 1, -1, temperature, 'temperature must be in [0, 100], not NaN'",
        "-0.1, 1, 0, 0, 1, -1, temperature, 'temperature must be in [0, 100], not -0.1'",
        "Infinity, 1, 0, 0, 1, -1, temperature, 'temperature must be in [0, 100], not Infinity'",
        "1, 0, 0, 0, 1, -1, top_p, 'top_p must be in (0, 1], not 0.0'",
        "1, 1.5, 0, 0, 1, -1, top_p, 'top_p must be in (0, 1], not 1.5'",
        "1, NaN, 0, 0, 1, -1, top_p, 'top_p must be in (0, 1], not NaN'",
        "1, 1, -1, 0, 1, -1, top_k, 'top_k must be at least 0, not -1'",
        "1, 1, 0, -0.5, 1, -1, min_p, 'min_p must be in [0, 1], not -0.5'",
        "1, 1, 0, 2, 1, -1, min_p, 'min_p must be in [0, 1], not 2.0'",
        "1, 1, 0, 0, 0, -1, repetition_penalty, 'repetition_penalty must be in (0, 100], not 0.0'",
        "1, 1, 0, 0, NaN, -1, repetition_penalty, 'repetition_penalty must be in (0, 100], not NaN'",
        "1, 1, 0, 0, 1, -2, top_logprobs, 'top_logprobs must be in [0, 20], or -1 for none, not -2'",
        "1, 1, 0, 0, 1, 21, top_logprobs, 'top_logprobs must be in [0, 20], or -1 for none, not 21'"
    })
    void shouldRefuseNamingFieldLimitAndValue(
            float temperature,
            float topP,
            int topK,
            float minP,
            float penalty,
            int topLogprobs,
            String field,
            String message) {
        assertThatThrownBy(() -> new SamplingParams(temperature, topP, topK, minP, penalty, 0, topLogprobs))
                .isInstanceOfSatisfying(InvalidSamplingException.class, refused -> assertThat(refused.field())
                        .isEqualTo(field))
                .hasMessage(message);
    }

    @ParameterizedTest
    @CsvSource({
        "2.1, 0, 0, 0, presence_penalty, 'presence_penalty must be in [-2, 2], not 2.1'",
        "0, -2.1, 0, 0, frequency_penalty, 'frequency_penalty must be in [-2, 2], not -2.1'",
        "0, NaN, 0, 0, frequency_penalty, 'frequency_penalty must be in [-2, 2], not NaN'",
        "0, 0, 100.5, 0, logit_bias, 'logit_bias must be in [-100, 100], not 100.5'",
        "0, 0, NaN, 0, logit_bias, 'logit_bias must be in [-100, 100], not NaN'",
        "0, 0, 0, -1, min_tokens, 'min_tokens must be at least 0, not -1'",
    })
    void shouldRefuseAdjustmentsOutOfTheirLimits(
            float presence, float frequency, float bias, int minTokens, String field, String message) {
        assertThatThrownBy(() -> new LogitAdjustments(
                        presence, frequency, new int[] {3}, new float[] {bias}, minTokens, new int[0]))
                .isInstanceOfSatisfying(InvalidSamplingException.class, refused -> assertThat(refused.field())
                        .isEqualTo(field))
                .hasMessage(message);
    }

    @Test
    void shouldTakeTheEndsOfItsRanges() {
        assertThat(new SamplingParams(0, 1, 0, 0, 1, Long.MIN_VALUE, -1).isGreedy())
                .isTrue();
        assertThat(new SamplingParams(100, Float.MIN_VALUE, Integer.MAX_VALUE, 1, 100, -1, 20).isGreedy())
                .isFalse();
    }
}
