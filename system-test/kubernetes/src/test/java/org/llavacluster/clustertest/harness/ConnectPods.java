package org.llavacluster.clustertest.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.EphemeralContainer;
import io.fabric8.kubernetes.api.model.EphemeralContainerBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.llavacluster.clustertest.client.ConnectProgram;

/** Opens connections from within pods: their own containers have no program for it, so another one joins their network. */
public final class ConnectPods {

    private static final String CONTAINER = "connect";
    private static final String STRANGER = "stranger";
    private static final String OPEN = " open";
    private static final long LONGEST_SECONDS = 120;

    private ConnectPods() {}

    /** Address and port of the API server as pods reach it. */
    public static String apiServer(TestCluster cluster) {
        var service = cluster.client()
                .services()
                .inNamespace("default")
                .withName("kubernetes")
                .get();
        return service.getSpec().getClusterIP() + ":"
                + service.getSpec().getPorts().getFirst().getPort();
    }

    /**
     * The names of the targets that a pod can connect to.
     *
     * @param targets as {@code NAME=HOST:PORT}
     */
    public static List<String> openFrom(Release release, Pod pod, List<String> targets) {
        List<String> arguments = new ArrayList<>(List.of(ConnectProgram.class.getName()));
        arguments.addAll(targets);
        EphemeralContainer container = new EphemeralContainerBuilder()
                .withName(CONTAINER)
                .withImage(ClientPods.IMAGE)
                .withImagePullPolicy("IfNotPresent")
                .withArgs(arguments)
                .withSecurityContext(ClientPods.restricted())
                .build();
        PodResource resource = release.cluster()
                .client()
                .pods()
                .inNamespace(release.namespace())
                .withName(pod.getMetadata().getName());
        resource.ephemeralContainers().edit(existing -> new PodBuilder(existing)
                .editSpec()
                .addToEphemeralContainers(container)
                .endSpec()
                .build());
        resource.waitUntilCondition(
                now -> ended(now.getStatus().getEphemeralContainerStatuses()), LONGEST_SECONDS, TimeUnit.SECONDS);
        return open(resource.inContainer(CONTAINER).getLog());
    }

    /** As {@link #openFrom}, from a pod of the release's namespace that does not belong to it. */
    public static List<String> openFromAStranger(Release release, List<String> targets) {
        var pods = release.cluster().client().pods().inNamespace(release.namespace());
        pods.resource(ClientPods.pod(STRANGER, ConnectProgram.class, targets)).create();
        PodResource resource = pods.withName(STRANGER);
        resource.waitUntilCondition(
                now -> ended(now.getStatus().getContainerStatuses()), LONGEST_SECONDS, TimeUnit.SECONDS);
        return open(resource.getLog());
    }

    private static boolean ended(List<ContainerStatus> statuses) {
        return statuses != null
                && !statuses.isEmpty()
                && statuses.getFirst().getState().getTerminated() != null;
    }

    private static List<String> open(String log) {
        assertThat(log).contains("END");
        return log.lines()
                .filter(line -> line.endsWith(OPEN))
                .map(line -> line.substring(0, line.length() - OPEN.length()))
                .toList();
    }
}
