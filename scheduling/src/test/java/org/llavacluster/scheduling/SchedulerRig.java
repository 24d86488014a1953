package org.llavacluster.scheduling;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.scheduling.image.ImageSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;
import org.llavacluster.scheduling.worker.HealthRules;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerRole;
import org.llavacluster.scheduling.worker.Workers;

/** A scheduler that is told events one after the other; keeps what it decided last. */
final class SchedulerRig {

    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    final ClusterScheduler scheduler;
    long now;
    private long requests;
    private List<ClusterAction> actions = List.of();

    SchedulerRig() {
        this(unlimitedPrompts(HealthRules.DEFAULT));
    }

    SchedulerRig(ClusterLimits limits) {
        scheduler = new ClusterScheduler(limits);
    }

    /** The default limits, with decoders that take as many prompts as they have slots, however long they are. */
    static ClusterLimits unlimitedPrompts(HealthRules health) {
        return limits(ClusterLimits.DEFAULT.maxRunning(), health);
    }

    /** The same with so many requests at decoders. */
    static ClusterLimits running(int most) {
        return limits(most, HealthRules.DEFAULT);
    }

    private static ClusterLimits limits(int maxRunning, HealthRules health) {
        ClusterLimits limits = ClusterLimits.DEFAULT;
        return new ClusterLimits(
                limits.maxWaiting(),
                maxRunning,
                limits.maxBypass(),
                limits.decoderQueue(),
                Long.MAX_VALUE,
                limits.visionNanos(),
                limits.reservedTokens(),
                limits.maxEncodes(),
                limits.maxFailures(),
                limits.maxAttempts(),
                limits.maxLosses(),
                limits.innocentNanos(),
                limits.settleNanos(),
                limits.retryShare(),
                limits.retryReserve(),
                limits.quarantineNanos(),
                limits.rememberedFeatures(),
                limits.rememberedPrefixes(),
                limits.batches(),
                health);
    }

    /** Two workers of each role, of the default identity. */
    SchedulerRig withWorkers() {
        for (WorkerRole role : WorkerRole.values()) {
            report(Workers.report(role, role + "-1", 1));
            report(Workers.report(role, role + "-2", 1));
        }
        return this;
    }

    SchedulerRig tell(ClusterEvent... events) {
        actions = scheduler.step(now, List.of(events)).actions();
        return this;
    }

    SchedulerRig report(WorkerReport report) {
        return tell(new ClusterEvent.WorkerReported(report));
    }

    /** Lets time pass; workers report. */
    SchedulerRig pass(long nanos) {
        now += nanos;
        List<ClusterEvent> reports = new ArrayList<>();
        for (WorkerRole role : WorkerRole.values()) {
            reports.add(new ClusterEvent.WorkerReported(Workers.report(role, role + "-1", 1)));
            reports.add(new ClusterEvent.WorkerReported(Workers.report(role, role + "-2", 1)));
        }
        return tell(reports.toArray(ClusterEvent[]::new));
    }

    static ImageSpec image(int number) {
        return new ImageSpec(new ContentDigest(number, number, number, number), 1, 576);
    }

    RequestSpec request(String tenant, int priority, long deadline, ImageSpec... images) {
        return request(tenant, priority, deadline, 50, images);
    }

    RequestSpec request(String tenant, int priority, long deadline, int maxTokens, ImageSpec... images) {
        long id = requests++;
        return new RequestSpec(
                id,
                tenant,
                priority,
                deadline,
                100,
                maxTokens,
                List.of(images),
                PromptPrefixes.NONE,
                new ContentDigest(id, 0, 0, 0),
                new RequestSpec.Models(Workers.IDENTITY, Workers.IDENTITY, Workers.IDENTITY));
    }

    RequestSpec submit(ImageSpec... images) {
        RequestSpec spec = request("tenant", 0, now + 60 * SECOND, images);
        tell(new ClusterEvent.Submitted(spec));
        return spec;
    }

    <T extends ClusterAction> List<T> all(Class<T> kind) {
        return actions.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    <T extends ClusterAction> T only(Class<T> kind) {
        assertThat(all(kind)).as("%s", actions).hasSize(1);
        return all(kind).getFirst();
    }

    List<ClusterAction> actions() {
        return actions;
    }

    RequestOutcome outcome() {
        return only(ClusterAction.End.class).outcome();
    }

    /** The first batch that leaves within the longest wait for company. */
    ClusterAction.Encode batch() {
        if (all(ClusterAction.Encode.class).isEmpty()) {
            pass(20 * MILLI);
        }
        return only(ClusterAction.Encode.class);
    }

    void encoded(ClusterAction.Encode batch) {
        List<ClusterEvent> events = new ArrayList<>();
        batch.images().forEach(image -> events.add(new ClusterEvent.ImageEncoded(batch.batch(), image.featureKey())));
        events.add(new ClusterEvent.BatchEnded(batch.batch(), false));
        tell(events.toArray(ClusterEvent[]::new));
    }
}
