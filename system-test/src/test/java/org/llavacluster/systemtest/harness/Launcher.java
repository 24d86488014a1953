package org.llavacluster.systemtest.harness;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The {@code llava} command on the build under test, as the launcher script runs it on a built project. */
public final class Launcher {

    /** Several processes start, which has taken two minutes on a machine with busy cores. */
    private static final long LONGEST_SECONDS = 600;

    private Launcher() {}

    /** The outcome of a command. */
    public record Outcome(int status, String stdout, String stderr) {}

    public static Path root() {
        return Path.of(System.getProperty("llava.root"));
    }

    public static Path fixture(String name) {
        return Path.of(System.getProperty("llava.fixtures")).resolve(name);
    }

    /**
     * @param environment variables for the command and its processes, in addition to this process's
     */
    public static Process start(Map<String, String> environment, String... arguments) throws IOException {
        return start(System.getProperty("llava.archives"), environment, arguments);
    }

    /**
     * @param archives folder of the AppCDS archives from which the services start; null for none
     */
    static Process start(String archives, Map<String, String> environment, String... arguments) throws IOException {
        ProcessBuilder builder = SystemProcess.builder(command(archives, arguments));
        builder.environment().putAll(environment);
        return builder.start();
    }

    /** Runs a command to its end. */
    public static Outcome run(String... arguments) throws IOException, InterruptedException {
        return run(command(System.getProperty("llava.archives"), arguments));
    }

    /** Runs a service with properties {@code name=value} that it must refuse, to its end. */
    public static Outcome runService(String module, String... properties) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager"));
        for (String property : properties) {
            command.add("-D" + property);
        }
        command.add("-jar");
        command.add(
                root().resolve(module + "/target/quarkus-app/quarkus-run.jar").toString());
        return run(command);
    }

    private static Outcome run(List<String> command) throws IOException, InterruptedException {
        Path stdout = java.nio.file.Files.createTempFile("llava-test-", ".out");
        Path stderr = java.nio.file.Files.createTempFile("llava-test-", ".err");
        Process process = SystemProcess.builder(command)
                .redirectOutput(stdout.toFile())
                .redirectError(stderr.toFile())
                .start();
        if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new IOException("no end after " + LONGEST_SECONDS + " s: " + command + ", which wrote "
                    + java.nio.file.Files.readString(stderr, StandardCharsets.UTF_8));
        }
        try {
            return new Outcome(
                    process.exitValue(),
                    java.nio.file.Files.readString(stdout, StandardCharsets.UTF_8),
                    java.nio.file.Files.readString(stderr, StandardCharsets.UTF_8));
        } finally {
            java.nio.file.Files.delete(stdout);
            java.nio.file.Files.delete(stderr);
        }
    }

    private static List<String> command(String archives, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Duser.language=en",
                "-Duser.country=",
                "-Dstdout.encoding=UTF-8",
                "-Dstderr.encoding=UTF-8",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-Dllava.home=" + root(),
                "-jar",
                root().resolve("cli/target/cli.jar").toString()));
        command.addAll(1, List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
        if (archives != null) {
            command.add(1, "-Dllava.archives=" + archives);
        }
        command.addAll(List.of(arguments));
        return command;
    }
}
