package org.llavacluster.clustertest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.clustertest.harness.LoadFigures;
import org.llavacluster.clustertest.harness.LoadPod;
import org.llavacluster.clustertest.harness.Release;
import org.llavacluster.clustertest.harness.TestCluster;
import org.llavacluster.clustertest.harness.TestClusterExtension;

/** Clients notice nothing when pods are replaced, one role or all of them at once. */
@ExtendWith(TestClusterExtension.class)
class RolloutTest {

    private static final String NAMESPACE = "llava-rollout";
    private static final int CLIENTS = 4;
    private static final int TOKENS = 200;

    private static Release release;

    @BeforeAll
    static void install(TestCluster cluster) {
        Release.createNamespace(cluster, NAMESPACE);
        release = Release.in(cluster, NAMESPACE, "llava");
        release.install();
        release.awaitReady();
    }

    @AfterAll
    static void remove() {
        release.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"vision", "projector", "decoder", "gateway"})
    void shouldReplaceARoleUnderLoad(String role) {
        LoadPod load = LoadPod.start(release, CLIENTS, TOKENS, "all");
        release.upgrade("--set-string", role + ".podAnnotations.revision=" + System.nanoTime());
        assertUndisturbed("rolling update of " + role, load);
    }

    @Test
    void shouldUpgradeAndRollBackAllRolesUnderLoad() {
        LoadPod load = LoadPod.start(release, CLIENTS, TOKENS, "all");
        release.upgrade("--set-string", "env.LLAVA_GATEWAY_MAX_RUNNING=63");
        release.rollBack();
        assertUndisturbed("upgrade and rollback of all roles", load);
    }

    private static void assertUndisturbed(String what, LoadPod load) {
        TestCluster.say(what);
        LoadFigures figures = load.end();
        assertThat(figures.faults()).isEmpty();
        assertThat(figures.answers()).isGreaterThan(CLIENTS);
        assertThat(figures.failed() + figures.changed()).isZero();
    }
}
