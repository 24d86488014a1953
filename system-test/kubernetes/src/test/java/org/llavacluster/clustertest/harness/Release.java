package org.llavacluster.clustertest.harness;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A release of the chart, in a namespace that enforces Pod Security "restricted". */
public final class Release implements AutoCloseable {

    public static final List<String> ROLES = List.of("vision", "projector", "decoder", "gateway");

    private static final String CHART = System.getProperty("llava.root") + "/helm/llava-cluster";
    private static final String LONGEST = "5m";
    private static final long LONGEST_SECONDS = 300;

    private final TestCluster cluster;
    private final String namespace;
    private final String name;

    private Release(TestCluster cluster, String namespace, String name) {
        this.cluster = cluster;
        this.namespace = namespace;
        this.name = name;
    }

    /** A namespace without a release. */
    public static void createNamespace(TestCluster cluster, String namespace) {
        Namespace restricted = new NamespaceBuilder()
                .withNewMetadata()
                .withName(namespace)
                .addToLabels("pod-security.kubernetes.io/enforce", "restricted")
                .endMetadata()
                .build();
        cluster.client().namespaces().resource(restricted).createOr(existing -> existing.update());
    }

    /** The release, which is not installed yet. */
    public static Release in(TestCluster cluster, String namespace, String name) {
        return new Release(cluster, namespace, name);
    }

    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public TestCluster cluster() {
        return cluster;
    }

    /** Installs it as it is by default but for these arguments of helm, and returns what helm prints. */
    public String install(String... arguments) {
        return helm("install", withChart(arguments));
    }

    /** Changes the given values and keeps the others. Returns when the pods are replaced. */
    public void upgrade(String... arguments) {
        List<String> all = new ArrayList<>(List.of("--reuse-values", "--wait", "--timeout", LONGEST));
        all.addAll(List.of(arguments));
        helm("upgrade", withChart(all.toArray(String[]::new)));
        awaitEndOfOldPods();
    }

    /** Goes back to the revision before. Returns when the pods are replaced. */
    public void rollBack() {
        helm("rollback", "--wait", "--timeout", LONGEST);
        awaitEndOfOldPods();
    }

    /** Runs {@code helm test}. */
    public String test() {
        return helm("test");
    }

    private static String[] withChart(String... arguments) {
        List<String> all = new ArrayList<>(List.of(CHART));
        all.addAll(List.of(arguments));
        return all.toArray(String[]::new);
    }

    private String helm(String verb, String... arguments) {
        List<String> command = new ArrayList<>(List.of("helm", verb, name));
        command.addAll(List.of(arguments));
        command.addAll(List.of("--namespace", namespace));
        return cluster.programs().run(command);
    }

    /** Waits until all its pods are ready. */
    public void awaitReady() {
        for (String role : ROLES) {
            awaitRole(
                    role,
                    deployment -> ready(deployment) >= deployment.getSpec().getReplicas());
        }
    }

    /** Waits until the role's Deployment has this many ready pods, and no others. */
    public void awaitPods(String role, int pods) {
        awaitRole(
                role,
                deployment -> ready(deployment) == pods
                        && count(deployment.getStatus().getReplicas()) == pods);
    }

    /** Waits until the role has this many ready pods on other nodes than that one. */
    public void awaitPodsBesides(String role, String node, int pods) {
        cluster.client()
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", name)
                .withLabel("app.kubernetes.io/component", role)
                .informOnCondition(all -> all.stream()
                                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                                .filter(Readiness::isPodReady)
                                .filter(pod -> !node.equals(pod.getSpec().getNodeName()))
                                .count()
                        >= pods)
                .orTimeout(LONGEST_SECONDS, TimeUnit.SECONDS)
                .join();
    }

    private void awaitRole(String role, Predicate<Deployment> condition) {
        cluster.client()
                .apps()
                .deployments()
                .inNamespace(namespace)
                .withName(name + "-" + role)
                .waitUntilCondition(
                        deployment -> deployment != null && condition.test(deployment),
                        LONGEST_SECONDS,
                        TimeUnit.SECONDS);
    }

    private static int ready(Deployment deployment) {
        return count(deployment.getStatus().getReadyReplicas());
    }

    private static int count(Integer number) {
        return number == null ? 0 : number;
    }

    /** Pods that shall end serve until they have ended what they do. */
    private void awaitEndOfOldPods() {
        cluster.programs()
                .run(
                        "bash",
                        "-c",
                        "kubectl get pods --namespace \"$0\" --selector \"$1\" --output "
                                + "go-template='{{range .items}}{{if .metadata.deletionTimestamp}}"
                                + "pod/{{.metadata.name}} {{end}}{{end}}' "
                                + "| xargs --no-run-if-empty kubectl wait --namespace \"$0\" --for=delete --timeout="
                                + LONGEST,
                        namespace,
                        "app.kubernetes.io/instance=" + name);
    }

    /** The pods of a role that are ready and not about to end. */
    public List<Pod> pods(String role) {
        return cluster
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", name)
                .withLabel("app.kubernetes.io/component", role)
                .list()
                .getItems()
                .stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .filter(Readiness::isPodReady)
                .toList();
    }

    /** How often containers of the release have been started again. */
    public int restarts() {
        return cluster
                .client()
                .pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/instance", name)
                .list()
                .getItems()
                .stream()
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .mapToInt(io.fabric8.kubernetes.api.model.ContainerStatus::getRestartCount)
                .sum();
    }

    public void uninstall() {
        helm("uninstall", "--wait", "--timeout", LONGEST);
    }

    /** Removes the namespace with everything in it. */
    @Override
    public void close() {
        cluster.client().namespaces().withName(namespace).delete();
        cluster.client()
                .namespaces()
                .withName(namespace)
                .waitUntilCondition(java.util.Objects::isNull, LONGEST_SECONDS, TimeUnit.SECONDS);
    }
}
