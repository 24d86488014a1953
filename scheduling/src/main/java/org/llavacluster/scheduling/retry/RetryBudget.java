package org.llavacluster.scheduling.retry;

/**
 * How many calls may be repeated: a share of the first attempts, and a few more so that a quiet cluster can retry at
 * all. A burst of failures thus adds at most that share to the load of the workers that are left.
 *
 * <p>Moving a stream off a lost worker is not a retry and takes nothing from the budget.
 */
public class RetryBudget {

    private final double share;
    private final double most;
    private double balance;
    private long refused;

    /**
     * @param share retries per first attempt, such as 0.2
     * @param reserve retries that are there at the start, and the most that quiet times add up to
     */
    public RetryBudget(double share, int reserve) {
        if (!(share >= 0 && share <= 1) || reserve < 1) {
            throw new IllegalArgumentException("a retry budget of share " + share + ", reserve " + reserve);
        }
        this.share = share;
        this.most = reserve;
        this.balance = reserve;
    }

    /** A call was made for the first time. */
    public void attempted() {
        balance = Math.min(most, balance + share);
    }

    /** Takes a retry from the budget, if one is left. */
    public boolean take() {
        if (balance < 1) {
            refused++;
            return false;
        }
        balance -= 1;
        return true;
    }

    /** Retries that were wanted while none was left. */
    public long refused() {
        return refused;
    }
}
