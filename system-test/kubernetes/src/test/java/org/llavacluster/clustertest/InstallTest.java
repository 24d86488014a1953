package org.llavacluster.clustertest;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.llavacluster.clustertest.harness.Release;
import org.llavacluster.clustertest.harness.TestCluster;
import org.llavacluster.clustertest.harness.TestClusterExtension;

/** The chart as it is by default: what its NOTES say works, {@code helm test} passes, and nothing of it stays. */
@ExtendWith(TestClusterExtension.class)
class InstallTest {

    private static final String NAMESPACE = "llava-install";

    /** Machines are slow; the goal of 30 s is read from what is printed. */
    private static final Duration LONGEST = Duration.ofMinutes(3);

    @Test
    void shouldAnswerAboutAnImageByTheCommandsOfItsNotes(TestCluster cluster) {
        Release.createNamespace(cluster, NAMESPACE);
        try (Release release = Release.in(cluster, NAMESPACE, "llava")) {
            long start = System.nanoTime();
            String notes = release.install();
            assertThat(answerOf(cluster, notes)).contains("\"role\":\"assistant\"", "\"finish_reason\"");
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            TestCluster.say("install to the first answer: " + took.toMillis() + " ms");
            assertThat(took).isLessThan(LONGEST);
            assertThat(release.test()).contains("Phase:          Succeeded");
            assertThat(release.restarts()).isZero();
        }
    }

    /** Runs the commands that the notes show, with another port on this machine. */
    private static String answerOf(TestCluster cluster, String notes) {
        Matcher commands = Pattern.compile("(?ms)^  kubectl .*?'\\n").matcher(notes);
        assertThat(commands.find()).as(notes).isTrue();
        String port = Integer.toString(20_000 + (int) (ProcessHandle.current().pid() % 10_000));
        String script = commands.group().replace("8080:", port + ":").replace(":8080", ":" + port);
        return cluster.programs().run("bash", "-c", "trap 'kill $(jobs -p)' EXIT\nset -e\n" + script);
    }

    @Test
    void shouldServeTwoReleasesInANamespaceAndLeaveNothing(TestCluster cluster) {
        Release.createNamespace(cluster, NAMESPACE + "-two");
        Release first = Release.in(cluster, NAMESPACE + "-two", "first");
        try (first) {
            Release second = Release.in(cluster, NAMESPACE + "-two", "second");
            Set<String> before = objects(cluster, first.namespace());
            first.install("--values", smallValues());
            second.install("--values", smallValues(), "--set", "gateway.podDeletionCost=true");
            first.awaitReady();
            second.awaitReady();
            assertThat(first.test()).contains("Phase:          Succeeded");
            assertThat(second.test()).contains("Phase:          Succeeded");
            first.uninstall();
            assertThat(second.test()).contains("Phase:          Succeeded");
            second.uninstall();
            assertThat(objects(cluster, first.namespace())).isEqualTo(before);
        }
    }

    static String smallValues() {
        return System.getProperty("llava.root") + "/helm/llava-cluster/values-small.yaml";
    }

    /** The names of all objects of a namespace, of any kind, but for the cluster's own records of what happened. */
    private static Set<String> objects(TestCluster cluster, String namespace) {
        String list = cluster.programs()
                .run(
                        "bash",
                        "-c",
                        "kubectl api-resources --verbs=list --namespaced --output=name | grep --invert-match '^events' "
                                + "| paste --serial --delimiters=, | xargs -I KINDS kubectl get KINDS "
                                + "--ignore-not-found --show-kind --no-headers --output=name --namespace \"$0\"",
                        namespace);
        return new TreeSet<>(list.lines().toList());
    }
}
