package org.llavacluster.cli.bench;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.Installation;
import org.llavacluster.cli.Main;

/**
 * Runs this command again in a process with TensorFlow on its class path. Its 160 MB of libraries belong to the
 * decoder, and no other command needs them.
 */
public final class TensorFlowProcess {

    /** Set in such a process. */
    private static final String MARK = "llava.bench.other-process";

    /** As the engine names it, whose classes are not on this process's class path. */
    private static final String ONE_DNN = "llava.tensorflow.onednn";

    private static final List<String> LIBRARIES =
            List.of("org.llavacluster.engine-tensorflow", "org.tensorflow.", "org.bytedeco.");

    private TensorFlowProcess() {}

    /** Whether this process is one. */
    public static boolean isThis() {
        return Boolean.getBoolean(MARK);
    }

    /**
     * Runs a command to its end and prints its output here.
     *
     * @return its exit code
     */
    public static int run(List<String> arguments) {
        return await(start(List.of(), arguments, ProcessBuilder.Redirect.INHERIT));
    }

    /**
     * Runs a training to its end, with the kernels that are fastest at gradients and all compilers of the JVM, and
     * prints its output here.
     *
     * @return its exit code
     */
    public static int train(List<String> arguments) {
        return await(start(
                List.of("-XX:TieredStopAtLevel=4", "-D" + ONE_DNN + "=true"),
                arguments,
                ProcessBuilder.Redirect.INHERIT));
    }

    /** Runs a command to its end and returns its output on stdout. */
    public static byte[] capture(List<String> arguments) {
        Process process = start(List.of(), arguments, ProcessBuilder.Redirect.PIPE);
        try (InputStream stdout = process.getInputStream()) {
            byte[] printed = stdout.readAllBytes();
            int status = await(process);
            if (status != 0) {
                throw new CliException(String.join(" ", arguments) + " ended with status " + status);
            }
            return printed;
        } catch (IOException e) {
            throw new CliException("cannot read the output of " + String.join(" ", arguments), e);
        }
    }

    private static Process start(List<String> settings, List<String> arguments, ProcessBuilder.Redirect stdout) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
        command.addAll(settings);
        command.addAll(List.of("-D" + MARK + "=true", "-cp", classPath(), Main.class.getName()));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.INHERIT)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .redirectOutput(stdout);
        builder.environment().putIfAbsent("TF_CPP_MIN_LOG_LEVEL", "2");
        try {
            Process process = builder.start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "stop-benchmark"));
            return process;
        } catch (IOException e) {
            throw new CliException("cannot start a process: " + e.getMessage(), e);
        }
    }

    private static int await(Process process) {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new CliException("interrupted while a benchmark ran", e);
        }
    }

    private static String classPath() {
        Path libraries = Installation.serviceJar("decoder-service").resolveSibling("lib");
        try (Stream<Path> files = Files.list(libraries)) {
            List<String> paths = new ArrayList<>(List.of(System.getProperty("java.class.path")));
            files.filter(file -> LIBRARIES.stream().anyMatch(file.getFileName().toString()::startsWith))
                    .sorted()
                    .forEach(file -> paths.add(file.toString()));
            return String.join(File.pathSeparator, paths);
        } catch (IOException e) {
            throw new CliException("decoder-service's libraries cannot be listed: run ./mvnw -DskipTests package", e);
        }
    }
}
