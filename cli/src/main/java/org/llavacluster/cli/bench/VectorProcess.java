package org.llavacluster.cli.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.Main;

/**
 * Runs this command again on a JVM that can measure: with the optimising compiler and the Vector API. Each JVM with
 * that module prints a warning, which is filtered out.
 */
public final class VectorProcess {

    private static final String MODULE = "jdk.incubator.vector";
    private static final String WARNING = "WARNING: Using incubator modules: " + MODULE;

    /**
     * Options of this JVM that the other one also needs. Options that make short commands start fast are left out,
     * because they would slow it down.
     */
    private static final List<String> SHARED =
            List.of("-D", "--enable-native-access", "--sun-misc-unsafe-memory-access");

    private VectorProcess() {}

    /** Whether this process is not one yet. */
    public static boolean isNeeded() {
        return ModuleLayer.boot().findModule(MODULE).isEmpty();
    }

    /**
     * Runs a command to its end and prints its output here.
     *
     * @return its exit code
     */
    public static int run(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("--add-modules=" + MODULE);
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(option -> SHARED.stream().anyMatch(option::startsWith))
                .forEach(command::add);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(arguments);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectInput(ProcessBuilder.Redirect.INHERIT)
                    .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                    .start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-benchmark"));
            forwardErrors(process);
            return process.waitFor();
        } catch (IOException e) {
            throw new CliException("cannot start a process: " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while a benchmark ran", e);
        }
    }

    /** Forwards stderr until the process has ended. */
    private static void forwardErrors(Process process) throws IOException {
        try (BufferedReader reader =
                        new BufferedReader(new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8));
                Stream<String> lines = reader.lines()) {
            lines.filter(line -> !line.equals(WARNING)).forEach(System.err::println);
        }
    }
}
