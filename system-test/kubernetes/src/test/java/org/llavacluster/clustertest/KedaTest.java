package org.llavacluster.clustertest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llavacluster.clustertest.harness.LoadFigures;
import org.llavacluster.clustertest.harness.LoadPod;
import org.llavacluster.clustertest.harness.Release;
import org.llavacluster.clustertest.harness.TestCluster;
import org.llavacluster.clustertest.harness.TestClusterExtension;

/**
 * Worker roles grow with bursts and go to zero after them. KEDA must run in the cluster; it is installed in a cluster of
 * the project's own, if it was built ({@code system-test/kubernetes/cluster build-keda}).
 */
@ExtendWith(TestClusterExtension.class)
class KedaTest {

    private static final String NAMESPACE = "llava-keda";
    private static final int BURST = 48;
    private static final int TOKENS = 200;

    private static Release release;

    @BeforeAll
    static void install(TestCluster cluster) {
        boolean installed = cluster.client().namespaces().withName("keda").get() != null;
        if (!installed) {
            assumeTrue(
                    cluster.script().isPresent()
                            && cluster.script().orElseThrow().hasKeda(),
                    "KEDA is not installed");
            cluster.script().orElseThrow().installKeda();
        }
        Release.createNamespace(cluster, NAMESPACE);
        release = Release.in(cluster, NAMESPACE, "llava");
        release.install(
                "--values",
                InstallTest.smallValues(),
                "--set",
                String.join(
                        ",",
                        scaled("vision"),
                        scaled("decoder"),
                        // Few slots, which the burst fills.
                        "decoder.env.LLAVA_DECODER_MAX_RUNNING=4"));
        release.awaitPods("vision", 0);
        release.awaitPods("decoder", 0);
    }

    private static String scaled(String role) {
        return role + ".autoscaling.by=keda," + role + ".autoscaling.minReplicas=0," + role
                + ".autoscaling.maxReplicas=2," + role + ".autoscaling.cooldownSeconds=5," + role
                + ".autoscaling.scaleDownSeconds=5";
    }

    @AfterAll
    static void remove() {
        if (release != null) {
            release.close();
        }
    }

    @Test
    void shouldScaleDecodersByABurstOfTextAndLeaveVisionAsleep() {
        LoadPod load = LoadPod.start(release, BURST, TOKENS, "text");
        release.awaitPods("decoder", 2);
        release.awaitPods("vision", 0);
        assertUndisturbed("burst of text", load);
        release.awaitPods("decoder", 0);
    }

    @Test
    void shouldWakeBothSleepingRolesForABurstOfImages() {
        LoadPod load = LoadPod.start(release, BURST, 1, "images");
        release.awaitPods("vision", 2);
        assertUndisturbed("burst of images", load);
        release.awaitPods("vision", 0);
        release.awaitPods("decoder", 0);
    }

    private static void assertUndisturbed(String what, LoadPod load) {
        TestCluster.say(what);
        LoadFigures figures = load.end();
        assertThat(figures.faults()).isEmpty();
        assertThat(figures.answers()).isGreaterThan(BURST);
    }
}
