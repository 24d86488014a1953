package org.llavacluster.scheduling.queue;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.worker.DecoderRates;

class DeadlineAdmissionTest {

    private static final double MILLI = 1e6;
    private static final double SECOND = 1e9;
    private static final DecoderRates UNKNOWN = new DecoderRates(0, 0);

    /** A prompt token takes 1 ms, one of an answer 10 ms. */
    private static final DecoderRates KNOWN = new DecoderRates(1_000, 100);

    private final DeadlineAdmission admission = new DeadlineAdmission();

    private void answered(int tokens, double decoderNanos) {
        for (int i = 0; i < 10; i++) {
            admission.answered(0, decoderNanos, tokens);
        }
    }

    private void firstTokens(double nanos, int promptTokens) {
        for (int i = 0; i < 10; i++) {
            admission.firstToken(0, nanos, promptTokens);
        }
    }

    @Test
    void shouldExpectNoTimeWhileNothingIsMeasured() {
        assertThat(admission.withImages(0, 4_000, 4_000, UNKNOWN)).isZero();
        assertThat(admission.textOnly(0, 4_000, 4_000, KNOWN))
                .as("the length of answers is unknown")
                .isZero();
        answered(500, SECOND);
        assertThat(admission.textOnly(0, 4_000, 4_000, UNKNOWN))
                .as("the rate of decoders is unknown")
                .isZero();
    }

    @Test
    void shouldExpectTheLengthThatAnswersMostlyHave() {
        answered(51, SECOND);
        assertThat(admission.textOnly(0, 100, 4_000, KNOWN)).isCloseTo(500 * MILLI, within(1.0));
        assertThat(admission.textOnly(0, 100, 11, KNOWN))
                .as("never more than it may have")
                .isCloseTo(100 * MILLI, within(1.0));
        assertThat(admission.expectedTokens(0, 100, 4_000)).isCloseTo(151, within(1e-9));
        assertThat(admission.expectedTokens(0, 100, 11)).isEqualTo(111);
    }

    @Test
    void shouldCountOnWhatMayBeWhileTheLengthOfAnswersIsUnknown() {
        assertThat(admission.expectedTokens(0, 100, 4_000)).isEqualTo(4_100);
    }

    @Test
    void shouldNotCountHowLongClientsTookToRead() {
        answered(51, 500 * SECOND);
        assertThat(admission.textOnly(0, 100, 51, KNOWN)).isCloseTo(500 * MILLI, within(1.0));
    }

    @Test
    void shouldExpectAFirstTokenInProportionToThePromptButNotItsFixedPart() {
        firstTokens(200 * MILLI, 100);
        assertThat(admission.textOnly(0, 50, 1, KNOWN)).isCloseTo(100 * MILLI, within(1.0));
        assertThat(admission.textOnly(0, 100, 1, KNOWN)).isCloseTo(200 * MILLI, within(1.0));
        assertThat(admission.textOnly(0, 1_100, 1, KNOWN))
                .as("200 ms, and 1 ms for each of 1000 further tokens")
                .isCloseTo(1_200 * MILLI, within(1.0));
        assertThat(admission.textOnly(0, 1_100, 1, UNKNOWN)).isCloseTo(200 * MILLI, within(1.0));
    }

    @Test
    void shouldForgetWhatWasMeasuredLongAgo() {
        answered(51, SECOND);
        firstTokens(200 * MILLI, 100);
        assertThat(admission.textOnly((long) (20 * SECOND), 100, 51, KNOWN)).isZero();
    }

    @Test
    void shouldAddTheTimeOfAnEncodeForImages() {
        for (int i = 0; i < 10; i++) {
            admission.encoded(0, 100 * MILLI);
        }
        assertThat(admission.withImages(0, 100, 1, KNOWN)).isCloseTo(120 * MILLI, within(1.0));
    }
}
