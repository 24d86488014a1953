package org.llavacluster.scheduling.worker;

/**
 * Whether one worker gets new work, over all starts of its process.
 *
 * <pre>
 * SERVING   reports, does what it is asked
 * SUSPECT   silent: what it had goes elsewhere, it gets nothing new
 * DRAINING  reported that it stops
 * DAMPED    came back after several losses, has to stay for a while first
 * EJECTED   reports, but fails most of its calls; tried again after a while
 * LOST      its connection or process ended
 * </pre>
 *
 * Penalties double while trouble goes on, so a flapping worker is seldom used and never given up. Nothing here looks at
 * other workers: that the last one of a role is used in spite of a penalty is the {@link WorkerTable}'s rule.
 */
public final class WorkerHealth {

    /** The order is part of the metrics: a gauge shows {@link #ordinal()}. */
    public enum State {
        SERVING,
        SUSPECT,
        DRAINING,
        DAMPED,
        EJECTED,
        LOST
    }

    /** Weight of the newest call in the share of failed ones. */
    private static final double NEWEST = 0.2;

    private final HealthRules rules;
    private boolean lost = true;
    private boolean draining;
    private boolean suspect;
    private long heardNanos;
    private long dampedUntilNanos = Long.MIN_VALUE;
    private long ejectedUntilNanos = Long.MIN_VALUE;
    private long troubleNanos = Long.MIN_VALUE;
    private int losses;
    private int ejections;
    private double failureShare;

    public WorkerHealth(HealthRules rules) {
        this.rules = rules;
    }

    /** A report came. */
    public void heard(long nowNanos, boolean nowDraining) {
        heardNanos = nowNanos;
        draining = nowDraining;
        if (lost || suspect) {
            lost = false;
            suspect = false;
            if (losses > rules.freeReturns()) {
                dampedUntilNanos = nowNanos + rules.penaltyNanos(losses - rules.freeReturns() - 1);
            }
        }
    }

    /** Its connection or process ended. */
    public void lost(long nowNanos) {
        if (!lost) {
            if (!suspect) {
                addLoss(nowNanos);
            }
            lost = true;
            suspect = false;
            failureShare = 0; // of a process that is gone
        }
    }

    /** Makes it suspect if it was silent for too long. */
    public void check(long nowNanos) {
        if (nowNanos - heardNanos >= rules.silentNanos()) {
            silent(nowNanos);
        }
    }

    /** Nothing is heard of it. */
    void silent(long nowNanos) {
        if (!lost && !suspect) {
            suspect = true;
            addLoss(nowNanos);
        }
    }

    private void addLoss(long nowNanos) {
        forgive(nowNanos);
        losses = draining ? losses : losses + 1;
        troubleNanos = nowNanos;
    }

    /** A call to it did what it should. */
    public void succeeded() {
        failureShare *= 1 - NEWEST;
    }

    /** A call to it failed, and not for a reason of the request's. */
    public void failed(long nowNanos) {
        failureShare += NEWEST * (1 - failureShare);
        if (failureShare > rules.failureShare() && nowNanos >= ejectedUntilNanos) {
            forgive(nowNanos);
            ejectedUntilNanos = nowNanos + rules.penaltyNanos(ejections++);
            troubleNanos = nowNanos;
        }
    }

    private void forgive(long nowNanos) {
        if (troubleNanos != Long.MIN_VALUE && nowNanos - troubleNanos >= rules.forgetNanos()) {
            losses = 0;
            ejections = 0;
        }
    }

    public State state(long nowNanos) {
        if (lost) {
            return State.LOST;
        }
        if (suspect) {
            return State.SUSPECT;
        }
        if (draining) {
            return State.DRAINING;
        }
        if (nowNanos < dampedUntilNanos) {
            return State.DAMPED;
        }
        return nowNanos < ejectedUntilNanos ? State.EJECTED : State.SERVING;
    }

    /** When the state changes by itself at the latest, if nothing is heard; Long.MAX_VALUE if it does not. */
    public long changeNanos(long nowNanos) {
        return switch (state(nowNanos)) {
            case SERVING -> heardNanos + rules.silentNanos();
            case DAMPED -> Math.min(dampedUntilNanos, heardNanos + rules.silentNanos());
            case EJECTED -> Math.min(ejectedUntilNanos, heardNanos + rules.silentNanos());
            case DRAINING -> heardNanos + rules.silentNanos();
            case SUSPECT, LOST -> Long.MAX_VALUE;
        };
    }

    /** Of its calls, the newest counting most; from 0 to 1. */
    public double failureShare() {
        return failureShare;
    }
}
