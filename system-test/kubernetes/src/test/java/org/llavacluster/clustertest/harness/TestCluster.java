package org.llavacluster.clustertest.harness;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The Kubernetes cluster under test, on whose nodes the images of the build lie: the one that {@code KUBECONFIG} names, or
 * one on this machine.
 */
public final class TestCluster implements AutoCloseable {

    private static final Path ROOT = Path.of(System.getProperty("llava.root"));

    /** A command that loads the archive which follows it onto the nodes of a given cluster. */
    private static final String LOAD = System.getProperty("llava.kubernetes.load", "");

    private final ProgramRun programs;
    private final KubernetesClient client;
    private final Optional<ClusterScript> script;
    private final boolean mine;

    private TestCluster(Path kubeconfig, Optional<ClusterScript> script, boolean mine) {
        this.programs = new ProgramRun(kubeconfig, ClusterScript.binaries());
        this.client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(kubeconfig.toFile()))
                .build();
        this.script = script;
        this.mine = mine;
    }

    static boolean isGiven() {
        return given().isPresent();
    }

    private static Optional<Path> given() {
        return Optional.ofNullable(System.getenv("KUBECONFIG"))
                .filter(file -> !file.isEmpty())
                .map(Path::of);
    }

    static TestCluster open() {
        Path kubeconfig = given().orElseGet(ClusterScript::kubeconfig);
        boolean scripts = kubeconfig.equals(ClusterScript.kubeconfig());
        ClusterScript script = new ClusterScript();
        boolean mine = scripts && !ClusterScript.runs();
        if (scripts) {
            say("building the cluster's programs where they are missing, which takes 15 minutes the first time");
            script.build();
        }
        if (mine) {
            say("starting a cluster of three nodes");
            script.up();
        }
        TestCluster cluster = new TestCluster(kubeconfig, scripts ? Optional.of(script) : Optional.empty(), mine);
        try {
            cluster.load();
        } catch (AssertionError e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Loads the images onto nodes that do not have them. */
    public void load() {
        List<Path> archives = new ArrayList<>(Stream.of("vision", "projector", "decoder", "gateway")
                .map(service -> ROOT.resolve("images/target/images/" + service + ".tar"))
                .toList());
        archives.add(Path.of(System.getProperty("llava.client.archive")));
        for (Path archive : archives) {
            if (!Files.exists(archive)) {
                throw new AssertionError(archive + " is missing: ./mvnw verify -Pkubernetes builds it");
            }
        }
        if (script.isPresent()) {
            say("loading the images onto the nodes");
            script.get().load(archives);
        } else if (!LOAD.isEmpty()) {
            say("loading the images with: " + LOAD);
            archives.forEach(archive -> programs.run("bash", "-c", LOAD + " " + archive));
        }
    }

    /** What only a cluster of the script can do: end nodes and the API server. Empty for a given cluster. */
    public Optional<ClusterScript> script() {
        return script;
    }

    public KubernetesClient client() {
        return client;
    }

    public ProgramRun programs() {
        return programs;
    }

    /** Prints a line at once, since what follows may take minutes. */
    public static void say(String line) {
        System.out.println("kubernetes: " + line);
        System.out.flush();
    }

    @Override
    public void close() {
        client.close();
        if (mine) {
            script.orElseThrow().down();
        }
    }
}
