package org.llavacluster.gateway.pipeline;

import com.google.common.collect.ImmutableSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.gateway.resume.Loss;
import org.llavacluster.gateway.resume.ResumeVerdict;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.node.membership.WorkerEpoch;

/**
 * The current decoder of a request, and the next one if that is lost. All choices of the request are at the same
 * decoder, so that they share its prefix cache. The first choice that finds it lost chooses the next.
 *
 * <p>If no decoder is left, the request waits for one within bounds. Used on the request's thread only.
 */
final class RequestDecoder implements AutoCloseable {

    private final RequestScope scope;
    private final ValidRequest request;
    private final Placement placement;
    private final Resumes resumes;
    private final BooleanSupplier tokensSent;
    private final List<Loss> losses = new ArrayList<>();

    private Placement.DecoderLease current;
    private Subscription changes;

    /** Set when workers joined or left. */
    private volatile boolean changed;

    /** Whether the newest loss may be resumed, and whether it was. */
    private boolean allowed;

    private boolean madeGood;
    private long waitingSince;
    private long nextLook;
    private Failure newest;
    private int moves;

    /**
     * @param tokensSent whether the client has tokens already, so that only a decoder with equal numerics may continue
     */
    RequestDecoder(
            RequestScope scope,
            ValidRequest request,
            Placement placement,
            Resumes resumes,
            BooleanSupplier tokensSent) {
        this.scope = scope;
        this.request = request;
        this.placement = placement;
        this.resumes = resumes;
        this.tokensSent = tokensSent;
        this.current = placement.decoder();
    }

    /** The decoder for the first choice. */
    Placement.DecoderLease first() {
        return current;
    }

    /** The decoder for a further choice. */
    Placement.DecoderLease again() {
        return current.again();
    }

    /** The numerics id of the tokens sent so far; empty without any. */
    Optional<String> numericsId() {
        return tokensSent.getAsBoolean() ? Optional.of(current.numericsId()) : Optional.empty();
    }

    /** How often the request continued at another decoder, or again at the same one. */
    int moves() {
        return moves;
    }

    /**
     * An attempt of a choice is lost.
     *
     * @throws FailureException if the request does not continue
     */
    void lost(WorkerEpoch worker, DecoderEnd.Lost end, long beganNanos) {
        boolean known =
                losses.stream().anyMatch(loss -> loss.worker().equals(worker) && loss.endedNanos() - beganNanos >= 0);
        if (known) {
            return;
        }
        losses.add(new Loss(worker, end.cause(), beganNanos, scope.now()));
        newest = end.failure();
        if (end.cause() == Loss.Cause.FAILED) {
            placement.failed(worker);
        }
        waitingSince = scope.now();
        nextLook = waitingSince;
        allowed = false;
        madeGood = false;
        follow();
        decide();
    }

    /** Whether nothing is heard of that decoder any more and another one could go on. */
    boolean shouldLeave(WorkerEpoch worker) {
        if (placement.present(worker)) {
            return false;
        }
        return placement
                .decoder(numericsId(), Set.of(worker))
                .map(this::closed)
                .filter(other -> placement.present(other.epoch()))
                .isPresent();
    }

    /** The decoder that the request should go on at has no place for it now. */
    void full(Failure.Overloaded overloaded) {
        newest = overloaded;
        follow();
        checkPatience();
        nextLook = scope.now() + RetryPause.bounded(overloaded.retryAfter()).toNanos();
    }

    private void follow() {
        if (changes == null) {
            changes = placement.onChange(() -> {
                changed = true;
                scope.wake();
            });
        }
    }

    private void decide() {
        Loss loss = losses.getLast();
        switch (resumes.decide(losses, placement::present, scope.now())) {
            case ResumeVerdict.Resume() -> allowed = true;
            case ResumeVerdict.Undecided(long until) -> nextLook = until;
            case ResumeVerdict.PassOn() -> throw giveUp(newest);
            case ResumeVerdict.GiveUp(String reason) -> throw giveUp(new Failure.Unavailable(reason));
            case ResumeVerdict.Quarantine(String reason) -> {
                resumes.quarantine(request, loss.endedNanos());
                throw giveUp(new Failure.Aborted(reason));
            }
        }
    }

    private FailureException giveUp(Failure failure) {
        resumes.givenUp();
        return new FailureException(failure);
    }

    /** Whether {@link #next} may find one now. */
    boolean worthALook() {
        return changed || scope.now() - nextLook >= 0;
    }

    /** When it may find one, without other changes before. */
    long nextLook() {
        return nextLook;
    }

    /**
     * The decoder at which a lost choice continues; empty if there is none yet.
     *
     * @param from the decoder that was lost
     * @throws FailureException if it has waited long enough
     */
    Optional<Placement.DecoderLease> next(WorkerEpoch from) {
        boolean due = scope.now() - nextLook >= 0;
        changed = false;
        if (!allowed) {
            decide();
        }
        if (!allowed || !due && newest instanceof Failure.Overloaded) {
            return Optional.empty();
        }
        if (!current.epoch().equals(from)) {
            return Optional.of(current.again());
        }
        Optional<Placement.DecoderLease> found = placement.decoder(numericsId(), lostWorkers());
        if (found.isEmpty()) {
            checkPatience();
            nextLook = waitingSince + resumes.patience().toNanos();
            return Optional.empty();
        }
        long earliest =
                losses.getLast().endedNanos() + RetryPause.after(losses.size()).toNanos();
        if (lostWorkers().contains(found.get().epoch()) && scope.now() - earliest < 0) {
            found.get().close();
            nextLook = earliest;
            return Optional.empty();
        }
        moveTo(found.get());
        return found;
    }

    private void moveTo(Placement.DecoderLease next) {
        current = next;
        if (!madeGood) {
            madeGood = true;
            moves++;
            resumes.resumed(losses.getLast().cause());
        }
        changes.close();
        changes = null;
    }

    private Set<WorkerEpoch> lostWorkers() {
        return losses.stream().map(Loss::worker).collect(ImmutableSet.toImmutableSet());
    }

    private void checkPatience() {
        if (scope.now() - waitingSince < resumes.patience().toNanos()) {
            return;
        }
        if (newest instanceof Failure.Overloaded) {
            throw giveUp(newest);
        }
        String within = " within " + resumes.patience().toMillis() + " ms";
        boolean others =
                placement.decoder(Optional.empty(), Set.of()).map(this::closed).isPresent();
        throw giveUp(new Failure.Unavailable(
                others
                        ? "the decoder was lost and none with its numerics id " + current.numericsId() + " was there"
                                + within + ": another one would change the answer"
                        : newest.message() + ", and no other was there" + within));
    }

    private Placement.DecoderLease closed(Placement.DecoderLease lease) {
        lease.close();
        return lease;
    }

    @Override
    public void close() {
        current.close();
        if (changes != null) {
            changes.close();
        }
    }
}
