package org.llavacluster.clustertest.harness;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Runs programs such as helm and kubectl against the cluster under test. */
public final class ProgramRun {

    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final Path kubeconfig;
    private final Path programs;

    /**
     * @param kubeconfig file that names the cluster
     * @param programs folder of programs that are taken before others of the same name
     */
    ProgramRun(Path kubeconfig, Path programs) {
        this.kubeconfig = kubeconfig;
        this.programs = programs;
    }

    /** Runs the program to its end and returns what it wrote to both outputs. A status other than 0 is an error. */
    public String run(String... command) {
        return run(List.of(command));
    }

    /** As {@link #run(String...)}. */
    public String run(List<String> command) {
        try {
            Process process = builder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end; it wrote " + output);
            }
            if (process.exitValue() != 0) {
                throw new AssertionError(command + " ended with " + process.exitValue() + ": " + output);
            }
            return output;
        } catch (IOException e) {
            throw new AssertionError(command + " does not start: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    private ProcessBuilder builder(List<String> command) {
        List<String> whole = new java.util.ArrayList<>(command);
        // Java looks the program up in its own PATH, not in that of the new process.
        Path own = programs.resolve(command.getFirst());
        if (own.toFile().canExecute()) {
            whole.set(0, own.toString());
        }
        ProcessBuilder builder = new ProcessBuilder(whole);
        builder.environment().put("KUBECONFIG", kubeconfig.toString());
        builder.environment().merge("PATH", "", (path, none) -> programs + File.pathSeparator + path);
        return builder;
    }
}
