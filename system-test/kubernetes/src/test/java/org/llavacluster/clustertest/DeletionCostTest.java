package org.llavacluster.clustertest;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llavacluster.clustertest.harness.LoadPod;
import org.llavacluster.clustertest.harness.Release;
import org.llavacluster.clustertest.harness.TestCluster;
import org.llavacluster.clustertest.harness.TestClusterExtension;

/** A Deployment of decoders that shrinks loses the idle one, although Kubernetes would take the younger one by itself. */
@ExtendWith(TestClusterExtension.class)
class DeletionCostTest {

    private static final String NAMESPACE = "llava-cost";
    private static final String COST = "controller.kubernetes.io/pod-deletion-cost";
    private static final int TOKENS = 1_500;
    private static final long LONGEST_SECONDS = 300;

    @Test
    void shouldRemoveTheIdleDecoder(TestCluster cluster) {
        Release.createNamespace(cluster, NAMESPACE);
        try (Release release = Release.in(cluster, NAMESPACE, "llava")) {
            release.install("--values", InstallTest.smallValues(), "--set", "gateway.podDeletionCost=true");
            release.awaitReady();
            String older = release.pods("decoder").getFirst().getMetadata().getName();
            scale(release, 2);
            release.awaitPods("decoder", 2);
            LoadPod load = LoadPod.start(release, 1, TOKENS, "text");
            awaitBusyYoungest(release);
            scale(release, 1);
            release.awaitPods("decoder", 1);
            assertThat(release.pods("decoder"))
                    .extracting(pod -> pod.getMetadata().getName())
                    .doesNotContain(older);
            assertThat(load.end().faults()).isEmpty();
        }
    }

    private static void scale(Release release, int decoders) {
        release.cluster()
                .programs()
                .run(
                        "kubectl",
                        "scale",
                        "deployment/" + release.name() + "-decoder",
                        "--replicas=" + decoders,
                        "--namespace",
                        release.namespace());
    }

    private static void awaitBusyYoungest(Release release) {
        release.cluster()
                .client()
                .pods()
                .inNamespace(release.namespace())
                .withLabel("app.kubernetes.io/component", "decoder")
                .informOnCondition(DeletionCostTest::onlyTheYoungestIsBusy)
                .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private static boolean onlyTheYoungestIsBusy(List<Pod> pods) {
        List<Integer> costs = pods.stream()
                .sorted(Comparator.comparing(
                        pod -> Instant.parse(pod.getMetadata().getCreationTimestamp())))
                .map(DeletionCostTest::cost)
                .toList();
        return costs.equals(List.of(0, 1));
    }

    private static int cost(Pod pod) {
        Map<String, String> annotations = pod.getMetadata().getAnnotations();
        return annotations == null ? 0 : Integer.parseInt(annotations.getOrDefault(COST, "0"));
    }
}
