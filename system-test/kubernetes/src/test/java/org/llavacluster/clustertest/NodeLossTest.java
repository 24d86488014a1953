package org.llavacluster.clustertest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.Pod;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llavacluster.clustertest.harness.ClusterScript;
import org.llavacluster.clustertest.harness.LoadFigures;
import org.llavacluster.clustertest.harness.LoadPod;
import org.llavacluster.clustertest.harness.Release;
import org.llavacluster.clustertest.harness.TestCluster;
import org.llavacluster.clustertest.harness.TestClusterExtension;

/** Clients notice nothing when a node is drained or dies, or when the API server is away. */
@ExtendWith(TestClusterExtension.class)
class NodeLossTest {

    private static final String NAMESPACE = "llava-nodes";
    private static final int CLIENTS = 3;
    private static final int TOKENS = 200;
    private static final int OUTAGE_SECONDS = 60;
    private static final long LONGEST_PAUSE_MILLIS = 15_000;

    private final TestCluster cluster;
    private Release release;

    /** Gateways and clients are on this node, which stays. */
    private String front;

    NodeLossTest(TestCluster cluster) {
        this.cluster = cluster;
    }

    @BeforeEach
    void install() {
        front = cluster.client()
                .nodes()
                .list()
                .getItems()
                .getFirst()
                .getMetadata()
                .getName();
        Release.createNamespace(cluster, NAMESPACE);
        release = Release.in(cluster, NAMESPACE, "llava");
        release.install(
                "--values",
                InstallTest.smallValues(),
                "--set",
                "vision.replicas=2,projector.replicas=2,decoder.replicas=2,gateway.replicas=2",
                "--set-string",
                "gateway.nodeSelector.kubernetes\\.io/hostname=" + front);
        release.awaitReady();
    }

    @AfterEach
    void remove() {
        release.close();
    }

    @Test
    void shouldLoseNoStreamWhenANodeIsDrained() {
        String node = nodeOfADecoder();
        LoadPod load = LoadPod.start(release, CLIENTS, TOKENS, "all", front);
        try {
            cluster.programs()
                    .run(
                            "kubectl",
                            "drain",
                            node,
                            "--ignore-daemonsets",
                            "--delete-emptydir-data",
                            "--timeout=5m",
                            "--pod-selector",
                            "app.kubernetes.io/instance=" + release.name());
            assertUndisturbed("drain of a node", load);
        } finally {
            cluster.client().nodes().withName(node).edit(drained -> {
                drained.getSpec().setUnschedulable(null);
                return drained;
            });
        }
    }

    @Test
    void shouldResumeEachStreamWhenANodeDies() {
        ClusterScript script = script();
        String node = nodeOfADecoder();
        LoadPod load = LoadPod.start(release, CLIENTS, TOKENS, "all", front);
        long before = load.figures().answers();
        script.killNode(node);
        try {
            release.awaitPodsBesides("decoder", node, 2);
            load.awaitAnswers(before + 20);
            LoadFigures figures = assertUndisturbed("death of a node", load);
            assertThat(figures.longestPauseMillis()).isLessThan(LONGEST_PAUSE_MILLIS);
        } finally {
            script.startNode(node);
            cluster.load();
        }
    }

    @Test
    void shouldServeOnWhileTheApiServerIsAway() throws InterruptedException {
        ClusterScript script = script();
        LoadPod load = LoadPod.start(release, CLIENTS, TOKENS, "all", front);
        script.stopApi();
        try {
            // The outage itself is what is tested.
            assertThat(new CountDownLatch(1).await(OUTAGE_SECONDS, TimeUnit.SECONDS))
                    .isFalse();
        } finally {
            script.startApi();
        }
        assertUndisturbed("API server away for " + OUTAGE_SECONDS + " s", load);
        release.awaitReady();
        assertThat(release.restarts()).isZero();
    }

    private ClusterScript script() {
        assumeTrue(cluster.script().isPresent(), "only nodes of the project's own cluster are ended");
        return cluster.script().orElseThrow();
    }

    private String nodeOfADecoder() {
        return release.pods("decoder").stream()
                .map(Pod::getSpec)
                .map(spec -> spec.getNodeName())
                .filter(node -> !node.equals(front))
                .findFirst()
                .orElseThrow();
    }

    private static LoadFigures assertUndisturbed(String what, LoadPod load) {
        TestCluster.say(what);
        LoadFigures figures = load.end();
        assertThat(figures.faults()).isEmpty();
        assertThat(figures.answers()).isGreaterThan(CLIENTS);
        assertThat(figures.failed() + figures.changed()).isZero();
        return figures;
    }
}
