package org.llavacluster.clustertest.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.dsl.PodResource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.llavacluster.clustertest.client.EndProgram;
import org.llavacluster.clustertest.client.LoadProgram;

/** A pod that asks the gateway of a release without a pause and knows the right answers. */
public final class LoadPod {

    private static final long LONGEST_SECONDS = 300;

    private final Release release;
    private final String name;

    private LoadPod(Release release, String name) {
        this.release = release;
        this.name = name;
    }

    /**
     * Starts the pod and waits until the load runs.
     *
     * @param clients how many questions it asks at a time
     * @param tokens length of the answers
     * @param asks all, text or images
     */
    public static LoadPod start(Release release, int clients, int tokens, String asks) {
        return start(release, clients, tokens, asks, null);
    }

    /**
     * As {@link #start(Release, int, int, String)}.
     *
     * @param node the node that the pod runs on; null for any
     */
    public static LoadPod start(Release release, int clients, int tokens, String asks, String node) {
        LoadPod load = new LoadPod(release, release.name() + "-load-" + asks);
        load.remove();
        Pod pod = ClientPods.pod(
                load.name,
                LoadProgram.class,
                List.of(
                        "http://" + release.name() + "-gateway",
                        Integer.toString(clients),
                        Integer.toString(tokens),
                        asks));
        pod.getSpec().setNodeName(node);
        release.cluster()
                .client()
                .pods()
                .inNamespace(release.namespace())
                .resource(pod)
                .create();
        load.awaitLine("$1 == \"LOAD\"");
        return load;
    }

    private PodResource resource() {
        return release.cluster()
                .client()
                .pods()
                .inNamespace(release.namespace())
                .withName(name);
    }

    /** Reads the log as it grows, until a line fulfils the condition of awk, whose fields end at '=' and ' '. */
    private void awaitLine(String condition) {
        resource()
                .waitUntilCondition(
                        pod -> pod != null
                                && pod.getStatus().getPhase() != null
                                && !pod.getStatus().getPhase().equals("Pending"),
                        LONGEST_SECONDS,
                        TimeUnit.SECONDS);
        String follow = "kubectl logs --follow --namespace \"$0\" \"$1\" | tee /dev/stderr"
                + " | awk -F '[= ]' \"$2 { found = 1; exit } END { exit !found }\"";
        release.cluster()
                .programs()
                .run("timeout", LONGEST_SECONDS + "s", "bash", "-c", follow, release.namespace(), name, condition);
    }

    /** Waits until that many answers have ended. */
    public void awaitAnswers(long answers) {
        awaitLine("$1 == \"answers\" && $2 >= " + answers);
    }

    /** The latest figures, while the load runs. */
    public LoadFigures figures() {
        return LoadFigures.read(resource().getLog());
    }

    /** Lets the answers end that are under way, and returns the figures of the whole load. */
    public LoadFigures end() {
        release.cluster()
                .programs()
                .run(
                        "kubectl",
                        "exec",
                        "--namespace",
                        release.namespace(),
                        name,
                        "--",
                        "/opt/java/bin/java",
                        "-Xmx16m",
                        "-cp",
                        ClientPods.CLASSES,
                        EndProgram.class.getName());
        resource()
                .waitUntilCondition(
                        pod -> pod != null
                                && List.of("Succeeded", "Failed")
                                        .contains(pod.getStatus().getPhase()),
                        LONGEST_SECONDS,
                        TimeUnit.SECONDS);
        String log = resource().getLog();
        assertThat(log).contains("END");
        LoadFigures figures = LoadFigures.read(log);
        TestCluster.say(figures.toString());
        remove();
        return figures;
    }

    private void remove() {
        resource().withGracePeriod(0).delete();
        resource().waitUntilCondition(java.util.Objects::isNull, LONGEST_SECONDS, TimeUnit.SECONDS);
    }
}
