package org.llavacluster.training.evaluation;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

/**
 * The figures of a set of reviews, rounded as the published script rounds them: the means to three digits before their
 * ratio, and each from its exact binary value, ties to even.
 *
 * @param relative the second mean in percent of the first; not finite if the first is 0
 * @param first ten times the mean of the first scores
 * @param second ten times the mean of the second scores
 */
public record ReviewSummary(double relative, double first, double second) {

    /**
     * @param scores at least one pair, as in the published script with its failed ones
     */
    public static ReviewSummary of(List<ReviewScores> scores) {
        if (scores.isEmpty()) {
            throw new IllegalArgumentException("no reviews to sum up");
        }
        double firsts = 0;
        double seconds = 0;
        for (ReviewScores pair : scores) {
            firsts += pair.first();
            seconds += pair.second();
        }
        double first = rounded(firsts / scores.size(), 3);
        double second = rounded(seconds / scores.size(), 3);
        return new ReviewSummary(rounded(second / first * 100, 1), rounded(first * 10, 1), rounded(second * 10, 1));
    }

    private static double rounded(double value, int digits) {
        return Double.isFinite(value)
                ? new BigDecimal(value).setScale(digits, RoundingMode.HALF_EVEN).doubleValue()
                : value;
    }
}
