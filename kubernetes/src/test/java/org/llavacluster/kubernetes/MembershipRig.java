package org.llavacluster.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.time.Clock;

/** A membership that follows an API server of the test. */
final class MembershipRig implements AutoCloseable {

    private static final long LONGEST_SECONDS = 60;

    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1);
    private final Semaphore changes = new Semaphore(0);
    final KubernetesMembership membership;

    MembershipRig(String masterUrl) {
        Config config = new ConfigBuilder(Config.empty())
                .withMasterUrl(masterUrl)
                .withTrustCerts(true)
                .withWatchReconnectInterval(50)
                .withRequestRetryBackoffLimit(0)
                .build();
        KubernetesClient client =
                new KubernetesClientBuilder().withConfig(config).build();
        membership = new KubernetesMembership(client, "shop", "llava", timers, Clock.SYSTEM);
        membership.onChange(changes::release);
    }

    List<String> ids() {
        return membership.members().stream().map(Member::id).toList();
    }

    /** Waits until these are the members. */
    void await(String... ids) throws InterruptedException {
        long deadline = Clock.SYSTEM.nanoTime() + TimeUnit.SECONDS.toNanos(LONGEST_SECONDS);
        while (!ids().equals(List.of(ids))) {
            assertThat(changes.tryAcquire(deadline - Clock.SYSTEM.nanoTime(), TimeUnit.NANOSECONDS))
                    .as("members %s within %s s, not %s", List.of(ids), LONGEST_SECONDS, ids())
                    .isTrue();
        }
    }

    @Override
    public void close() {
        membership.close();
        timers.shutdownNow();
    }
}
