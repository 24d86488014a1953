package org.llavacluster.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import org.llavacluster.node.config.KubernetesProperties;
import org.llavacluster.node.config.NodeProperties;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.membership.Membership;
import org.llavacluster.node.membership.MembershipSource;
import org.llavacluster.node.time.Clock;

/** Opens a {@link KubernetesMembership} if {@code llava.kubernetes.service-prefix} is set. */
@Singleton
public final class KubernetesMembershipSource implements MembershipSource {

    /** Longest wait for an answer of the API server. */
    private static final int REQUEST_MILLIS = 5_000;

    /** First pause after a failed list or watch. It doubles with each further failure, to 32 times this at most. */
    private static final int RETRY_MILLIS = 250;

    /**
     * Leaves all retries to the informers, which go on for ever and report each failure. The client's own ones would
     * hide an API server that does not answer for minutes, as a pod sees it whose network is not open yet.
     */
    private static Config patient(Config config) {
        config.setRequestTimeout(REQUEST_MILLIS);
        config.setRequestRetryBackoffLimit(0);
        config.setWatchReconnectInterval(RETRY_MILLIS);
        return config;
    }

    @Override
    public Optional<Membership> open(Settings settings, ScheduledExecutorService timers, Clock clock) {
        return settings.find(KubernetesProperties.SERVICE_PREFIX).map(prefix -> {
            if (settings.find(NodeProperties.MEMBERS).isPresent()) {
                throw new PropertyException(KubernetesProperties.SERVICE_PREFIX + " and " + NodeProperties.MEMBERS
                        + " must not both be set: one of them names the members");
            }
            // The address and token of the pod's service account, or those of KUBECONFIG outside of a pod.
            Config config = patient(Config.autoConfigure(null));
            String namespace = settings.find(KubernetesProperties.NAMESPACE)
                    .or(() -> Optional.ofNullable(config.getNamespace()))
                    .orElseThrow(() -> new PropertyException(KubernetesProperties.NAMESPACE
                            + " must be set, because this process does not run in a pod with a service account"));
            KubernetesClient client =
                    new KubernetesClientBuilder().withConfig(config).build();
            return new KubernetesMembership(client, namespace, prefix, timers, clock);
        });
    }
}
