package org.llavacluster.clustertest.harness;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The script that raises a cluster on this machine. Its environment has the same variables as this process's. */
public final class ClusterScript {

    private static final Path SCRIPT =
            Path.of(System.getProperty("llava.root"), "system-test", "kubernetes", "cluster");

    private final ProgramRun programs;

    ClusterScript() {
        this.programs = new ProgramRun(kubeconfig(), binaries());
    }

    /** The file with which the script's cluster is reached from outside of its hosts. */
    static Path kubeconfig() {
        return variable("LLAVA_KUBERNETES_RUN", Path.of("/tmp/llava-cluster-kubernetes"))
                .resolve("outside.kubeconfig");
    }

    static Path binaries() {
        return variable(
                        "LLAVA_KUBERNETES_CACHE",
                        Path.of(System.getProperty("user.home"), ".cache", "llava-cluster-kubernetes"))
                .resolve("bin");
    }

    private static Path variable(String name, Path otherwise) {
        String value = System.getenv(name);
        return value == null || value.isEmpty() ? otherwise : Path.of(value);
    }

    static boolean runs() {
        return Files.exists(kubeconfig());
    }

    /** Whether KEDA was built, which takes some minutes more than the rest. */
    public boolean hasKeda() {
        return Files.exists(binaries().resolve("keda-adapter"));
    }

    void build() {
        run("build");
    }

    void up() {
        run("up");
    }

    void load(List<Path> archives) {
        run("load", archives.stream().map(Path::toString).toArray(String[]::new));
    }

    public void installKeda() {
        run("keda");
    }

    /** The node and everything on it ends at once. */
    public void killNode(String name) {
        run("kill-node", name.substring("node".length()));
    }

    /** A node that was killed comes back without pods and images. */
    public void startNode(String name) {
        run("start-node", name.substring("node".length()));
    }

    public void stopApi() {
        run("stop-api");
    }

    public void startApi() {
        run("start-api");
    }

    void down() {
        run("down");
    }

    private void run(String command, String... arguments) {
        List<String> line = new ArrayList<>(List.of(SCRIPT.toString(), command));
        line.addAll(List.of(arguments));
        programs.run(line);
    }
}
