package org.llavacluster.autoscaling;

import java.util.OptionalDouble;

/**
 * How many workers a role needs, from samples of its work. Two parts are added:
 *
 * <pre>
 * wanted = busy workers / busy share + queued seconds / queue seconds
 * </pre>
 *
 * <p>The first part keeps a pool that is busy and keeps up: it has no queue, and would otherwise look idle. The mean
 * over the memory is taken, because batches make a worker busy by turns. The second part adds workers for what waits. A
 * saturated pool with a queue therefore always wants more workers than it has, whatever the settings.
 *
 * <p>A worker that is gone counts nothing from the next sample on; only its measured rate is remembered.
 */
public final class DemandMeter {

    private final DemandRules rules;
    private double rate;
    private double busyWorkers;
    private long sampledNanos;
    private boolean sampled;

    public DemandMeter(DemandRules rules) {
        this.rules = rules;
        this.rate = rules.assumedRate();
    }

    /** @param nowNanos never less than at the last call */
    public RoleDemand sample(long nowNanos, RoleWork work) {
        measuredRate(work).ifPresent(measured -> rate = measured);
        double busyNow = work.held().stream().mapToDouble(HeldWork::busy).sum();
        // What left with its worker is no demand: it is queued again, or it has ended.
        busyWorkers = Math.min(mean(nowNanos, busyNow), work.held().size());
        sampledNanos = nowNanos;
        sampled = true;
        double waiting = work.queued()
                + work.held().stream().mapToDouble(HeldWork::beyondCapacity).sum();
        double wanted = busyWorkers / rules.busyShare() + waiting / rate / rules.queueSeconds();
        return new RoleDemand(work.amount() / rate, steady(wanted, work.held().size()), work.amount() > 0);
    }

    /** Where fewer workers would do, a little more than that, at most those that are there. */
    private double steady(double wanted, int workers) {
        return wanted >= workers ? wanted : Math.min(workers, wanted / rules.keepShare());
    }

    private double mean(long nowNanos, double busyNow) {
        if (!sampled) {
            return busyNow;
        }
        double kept = Math.exp(-(nowNanos - sampledNanos) / (double) rules.memoryNanos());
        return busyNow + kept * (busyWorkers - busyNow);
    }

    private static OptionalDouble measuredRate(RoleWork work) {
        return work.held().stream()
                .mapToDouble(HeldWork::ratePerSecond)
                .filter(measured -> measured > 0)
                .average();
    }
}
