package org.llavacluster.training.evaluation;

import java.util.OptionalDouble;

/**
 * The two scores that a judge gives in the first line of its reply.
 *
 * @param first score of the first answer, which is the reference's
 * @param second score of the second answer, which is the model's
 */
public record ReviewScores(double first, double second) {

    /** What the published script writes for a reply without two scores. */
    public static final ReviewScores FAILED = new ReviewScores(-1, -1);

    /**
     * Reads a reply as LLaVA's evaluation does: commas count as spaces, and a single space must separate exactly two
     * numbers. Their range is not checked.
     */
    public static ReviewScores of(String reply) {
        int end = reply.indexOf('\n');
        String line = (end < 0 ? reply : reply.substring(0, end)).replace(',', ' ');
        String[] parts = line.split(" ", -1);
        if (parts.length != 2) {
            return FAILED;
        }
        OptionalDouble first = PythonNumber.parse(parts[0]);
        OptionalDouble second = PythonNumber.parse(parts[1]);
        return first.isPresent() && second.isPresent()
                ? new ReviewScores(first.getAsDouble(), second.getAsDouble())
                : FAILED;
    }

    /** Whether both are scores; others would spoil the mean of all. */
    public boolean areUsable() {
        return first >= 0 && second >= 0 && Double.isFinite(first) && Double.isFinite(second);
    }
}
