package org.llavacluster.scheduling;

import java.util.function.ToDoubleFunction;
import org.llavacluster.scheduling.decoder.DecoderChoice;
import org.llavacluster.scheduling.image.EncodeFlightBook;
import org.llavacluster.scheduling.image.VisionBatcher;
import org.llavacluster.scheduling.queue.TenantQueue;
import org.llavacluster.scheduling.retry.RequestQuarantine;
import org.llavacluster.scheduling.retry.RetryBudget;
import org.llavacluster.scheduling.worker.WorkerTable;

/** The policies that a scheduler is made of, each of its own: tests exchange one for a broken one. */
public record SchedulerParts(
        WorkerTable workers,
        TenantQueue visionQueue,
        TenantQueue decoderQueue,
        EncodeFlightBook flights,
        VisionBatcher batcher,
        RetryBudget retries,
        RequestQuarantine quarantine,
        DecoderChoice choice) {

    private static final int QUARANTINED = 10_000;

    /** @param weights of tenants: the share of a tenant in proportion to the others' */
    public static SchedulerParts of(ClusterLimits limits, ToDoubleFunction<String> weights) {
        return new SchedulerParts(
                new WorkerTable(limits.health()),
                new TenantQueue(limits.maxWaiting(), limits.maxBypass(), weights),
                new TenantQueue(limits.maxWaiting(), limits.maxBypass(), weights),
                new EncodeFlightBook(limits.rememberedFeatures()),
                new VisionBatcher(limits.batches()),
                new RetryBudget(limits.retryShare(), limits.retryReserve()),
                new RequestQuarantine(limits.quarantineNanos(), QUARANTINED),
                new DecoderChoice(limits.decoderQueue(), limits.promptNanos()));
    }

    public SchedulerParts withWorkers(WorkerTable other) {
        return new SchedulerParts(other, visionQueue, decoderQueue, flights, batcher, retries, quarantine, choice);
    }

    public SchedulerParts withQueues(TenantQueue vision, TenantQueue decoder) {
        return new SchedulerParts(workers, vision, decoder, flights, batcher, retries, quarantine, choice);
    }

    public SchedulerParts withRetries(RetryBudget other) {
        return new SchedulerParts(workers, visionQueue, decoderQueue, flights, batcher, other, quarantine, choice);
    }

    public SchedulerParts withChoice(DecoderChoice other) {
        return new SchedulerParts(workers, visionQueue, decoderQueue, flights, batcher, retries, quarantine, other);
    }
}
