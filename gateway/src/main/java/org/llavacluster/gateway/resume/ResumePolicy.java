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
 * Whether a request that lost its decoder goes on at another one:
 *
 * <ul>
 *   <li>A draining worker gives its requests back: they always go on.
 *   <li>A request under which two workers in a row died may be what ended them. It ends, and the same request is refused for ten
 *       minutes. A worker that is still there has not died: its connection broke. An attempt that lasted for ten seconds clears the
 *       request of what happened before.
 *   <li>What a worker failed at is tried once more, elsewhere.
 *   <li>All resumes together stay within a share of the requests, so that a fault that hits every attempt does not multiply the load.
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

    /** A request begins; it pays into the budget. */
    public synchronized void begin(long nowNanos) {
        budget.request(nowNanos);
    }

    /** Whether any request is refused now, so that digests are worth computing. */
    public synchronized boolean quarantines(long nowNanos) {
        return !quarantine.isEmpty(nowNanos);
    }

    /** How long the request of that digest is still refused; empty if it is not. */
    public synchronized Optional<Duration> quarantined(ByteString digest, long nowNanos) {
        return quarantine.left(digest, nowNanos);
    }

    /** From now on the request of that digest is refused. */
    public synchronized void quarantine(ByteString digest, long nowNanos) {
        quarantine.add(digest, nowNanos);
    }

    /**
     * What becomes of a request that has just been lost.
     *
     * @param losses of this request, in their order, the new one last
     * @param present whether that worker is still there, as far as is known
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

    /** Workers that died under the request, one after the other, since it was last cleared. */
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
