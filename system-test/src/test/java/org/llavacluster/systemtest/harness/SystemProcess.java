package org.llavacluster.systemtest.harness;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Processes of the operating system. */
public final class SystemProcess {

    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

    /** Variables that change how each JVM starts and make it write a line to stderr. */
    private static final List<String> JVM_VARIABLES = List.of("JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS");

    private SystemProcess() {}

    /**
     * A process with default signal handling: a shell ignores SIGINT for background processes, {@code nohup} ignores
     * SIGHUP, and child processes inherit both.
     */
    public static ProcessBuilder builder(List<String> command) {
        List<String> whole = new ArrayList<>(List.of("env", "--default-signal"));
        whole.addAll(command);
        ProcessBuilder builder = new ProcessBuilder(whole);
        JVM_VARIABLES.forEach(builder.environment()::remove);
        return builder;
    }

    /** @param signal such as {@code KILL} or {@code STOP} */
    public static void signal(long pid, String signal) throws IOException, InterruptedException {
        int status = new ProcessBuilder("kill", "-" + signal, Long.toString(pid))
                .inheritIO()
                .start()
                .waitFor();
        if (status != 0) {
            throw new IOException("kill -" + signal + " " + pid + " ended with " + status);
        }
    }

    /** Waits until the process has ended. It need not be a child of this one. */
    public static void awaitEnd(long pid) throws IOException {
        long start = System.nanoTime();
        while (runs(pid)) {
            if (System.nanoTime() - start > LONGEST.toNanos()) {
                throw new AssertionError("process " + pid + " still runs after " + LONGEST.toSeconds() + " s");
            }
            LockSupport.parkNanos(LOOK_AGAIN.toNanos());
        }
    }

    /**
     * Whether the process runs. An ended one stays listed as a zombie until its parent reaps it, which may never happen
     * in a container.
     */
    public static boolean runs(long pid) throws IOException {
        try {
            String status = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
            char state = status.charAt(status.lastIndexOf(')') + 2);
            return state != 'Z' && state != 'X';
        } catch (NoSuchFileException e) {
            return false;
        } catch (IOException e) {
            // It ended while being read.
            if (Files.exists(Path.of("/proc", Long.toString(pid)))) {
                throw e;
            }
            return false;
        }
    }
}
