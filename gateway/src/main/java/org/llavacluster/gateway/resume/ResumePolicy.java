package org.llavacluster.gateway.resume;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.llavacluster.node.membership.WorkerEpoch;

/**
 * Decides whether a request that lost its decoder continues at another one:
 *
 * <ul>
 * <li>A draining worker returns its requests, which always continue.
 * <li>A request during which two consecutive workers died may be the cause. It ends, and the same request is refused
 *     for ten minutes. A worker that is still up has not died: its connection broke. An attempt of ten seconds clears
 *     the request of earlier deaths.
 * <li>A request at which a worker failed is tried once more, elsewhere.
 * <li>All resumes together stay within a share of the requests, so that a fault that affects every attempt does not
 *     multiply the load.
 * </ul>
 */
public final class ResumePolicy {

    private final ResumeLimits limits;
    private final ResumeBudget budget;
    private final Quarantine quarantine;

    public ResumePolicy(ResumeLimits limits) {
        this.limits = limits;
        this.budget = new ResumeBudget(limits);
        this.quarantine = new Quarantine(limits.quarantine());
    }

    /** A request begins and adds to the budget. */
    public synchronized void begin(long nowNanos) {
        budget.request(nowNanos);
    }

    /** Whether any request is refused now, so that digests must be computed. */
    public synchronized boolean quarantines(long nowNanos) {
        return !quarantine.isEmpty(nowNanos);
    }

    /** How long the request of that digest is still refused; empty if it is not. */
    public synchronized Optional<Duration> quarantined(ByteString digest, long nowNanos) {
        return quarantine.left(digest, nowNanos);
    }

    /** Refuses the request of that digest from now on. */
    public synchronized void quarantine(ByteString digest, long nowNanos) {
        quarantine.add(digest, nowNanos);
    }

    /**
     * The decision on a request that has just been lost.
     *
     * @param losses losses of this request in order, the new one last
     * @param present whether that worker is still up, as far as known
     */
    public synchronized ResumeVerdict decide(List<Loss> losses, Predicate<WorkerEpoch> present, long nowNanos) {
        Loss newest = losses.getLast();
        if (newest.cause() == Loss.Cause.MOVED) {
            return new ResumeVerdict.Resume();
        }
        if (count(losses, Loss.Cause.FAILED) > 1 && newest.cause() == Loss.Cause.FAILED) {
            return new ResumeVerdict.PassOn();
        }
        int deaths = deaths(losses, present, nowNanos);
        if (deaths >= limits.deaths()) {
            long settled = newest.endedNanos() + limits.settle().toNanos();
            return present.test(newest.worker()) && settled - nowNanos > 0
                    ? new ResumeVerdict.Undecided(settled)
                    : new ResumeVerdict.Quarantine(deaths + " decoders ended while they worked on the request");
        }
        long counted = losses.size() - count(losses, Loss.Cause.MOVED);
        if (counted > limits.losses()) {
            return newest.cause() == Loss.Cause.TURNED_AWAY
                    ? new ResumeVerdict.PassOn()
                    : new ResumeVerdict.GiveUp("the request lost its decoder " + counted + " times");
        }
        return budget.take(nowNanos)
                ? new ResumeVerdict.Resume()
                : new ResumeVerdict.GiveUp("too many requests lost their decoder in the last "
                        + limits.budgetWindow().toSeconds() + " s");
    }

    private static long count(List<Loss> losses, Loss.Cause cause) {
        return losses.stream().filter(loss -> loss.cause() == cause).count();
    }

    /** Consecutive deaths of workers during the request since it was last cleared. */
    private int deaths(List<Loss> losses, Predicate<WorkerEpoch> present, long nowNanos) {
        Set<WorkerEpoch> dead = new HashSet<>();
        for (Loss loss : losses) {
            if (loss.endedNanos() - loss.beganNanos() >= limits.innocent().toNanos()) {
                dead.clear();
            }
            boolean known = nowNanos - loss.endedNanos() >= limits.settle().toNanos();
            boolean alive = known && present.test(loss.worker());
            if (loss.cause() == Loss.Cause.DIED && !alive) {
                dead.add(loss.worker());
            }
        }
        return dead.size();
    }
}
