package org.llavacluster.scheduling.worker;

/**
 * When a worker gets no new work.
 *
 * @param silentNanos without a report for so long it is suspect
 * @param graceNanos after the last worker of a kind has gone another one is waited for so long
 * @param firstPenaltyNanos how long the first ejection or damping lasts; each further one twice as long
 * @param longestPenaltyNanos the longest of them
 * @param forgetNanos after so long without trouble the next penalty is the first again
 * @param freeReturns losses within that time after which a worker is not damped when it comes back: a restart is no
 *     flapping
 * @param failureShare share of failed calls, newest first, above which it is ejected
 */
public record HealthRules(
        long silentNanos,
        long graceNanos,
        long firstPenaltyNanos,
        long longestPenaltyNanos,
        long forgetNanos,
        int freeReturns,
        double failureShare) {

    public static final HealthRules DEFAULT =
            new HealthRules(2_000_000_000L, 0, 1_000_000_000L, 30_000_000_000L, 60_000_000_000L, 1, 0.6);

    public HealthRules {
        if (silentNanos < 1
                || graceNanos < 0
                || firstPenaltyNanos < 1
                || longestPenaltyNanos < firstPenaltyNanos
                || forgetNanos < 1
                || freeReturns < 0
                || !(failureShare > 0 && failureShare < 1)) {
            throw new IllegalArgumentException("health rules of silent " + silentNanos + ", grace " + graceNanos
                    + ", penalties "
                    + firstPenaltyNanos + " to " + longestPenaltyNanos + ", forget " + forgetNanos + ", free returns "
                    + freeReturns + ", failure share " + failureShare);
        }
    }

    long penaltyNanos(int earlier) {
        return Math.min(longestPenaltyNanos, firstPenaltyNanos << Math.min(earlier, 20));
    }
}
