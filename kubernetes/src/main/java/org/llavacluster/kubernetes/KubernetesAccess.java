package org.llavacluster.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Optional;
import org.llavacluster.node.config.KubernetesProperties;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;

/**
 * A client of the API server, and the namespace of the release. The owner closes the client.
 *
 * @param namespace of the pods and Services of the release
 */
public record KubernetesAccess(KubernetesClient client, String namespace) {

    /** Longest wait for an answer of the API server. */
    private static final int REQUEST_MILLIS = 5_000;

    /** First pause after a failed list or watch. It doubles with each further failure, to 32 times this at most. */
    private static final int RETRY_MILLIS = 250;

    /** With the address and token of the pod's service account, or those of KUBECONFIG outside of a pod. */
    public static KubernetesAccess open(Settings settings) {
        Config config = patient(Config.autoConfigure(null));
        String namespace = settings.find(KubernetesProperties.NAMESPACE)
                .or(() -> Optional.ofNullable(config.getNamespace()))
                .orElseThrow(() -> new PropertyException(KubernetesProperties.NAMESPACE
                        + " must be set, because this process does not run in a pod with a service account"));
        return new KubernetesAccess(
                new KubernetesClientBuilder().withConfig(config).build(), namespace);
    }

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
}
