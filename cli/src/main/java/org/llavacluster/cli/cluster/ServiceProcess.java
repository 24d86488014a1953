package org.llavacluster.cli.cluster;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.cli.CliException;
import org.llavacluster.node.server.ReadyLine;

/**
 * A running service. Its stdin stays open while this process lives. When it closes, in whatever way this process ended,
 * the service stops too.
 */
final class ServiceProcess {

    private static final Pattern LOGGED = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} .*");
    private static final Pattern LOGGED_ERROR = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} ERROR \\S+ (.*)");
    private static final Pattern LOGGED_WARNING = Pattern.compile("\\d\\d:\\d\\d:\\d\\d\\.\\d{3} WARN .*");

    private static final int SIGNALLED = 128;

    private final ServiceSpec spec;
    private final Process process;
    private final CompletableFuture<ReadyLine> ready = new CompletableFuture<>();
    private volatile String reason = "";

    private ServiceProcess(ServiceSpec spec, Process process) {
        this.spec = spec;
        this.process = process;
    }

    /**
     * @param errors receives the service's lines on stderr, each after its id
     */
    static ServiceProcess start(ServiceSpec spec, PrintStream errors) {
        ProcessBuilder builder = new ProcessBuilder(spec.command());
        builder.environment().putIfAbsent("TF_CPP_MIN_LOG_LEVEL", "2");
        try {
            ServiceProcess service = new ServiceProcess(spec, builder.start());
            Thread.ofVirtual().name(spec.id() + "-stdout").start(service::readStdout);
            Thread.ofVirtual().name(spec.id() + "-stderr").start(() -> service.forwardStderr(errors));
            return service;
        } catch (IOException e) {
            throw new CliException("cannot start " + spec.id() + ": " + e.getMessage(), e);
        }
    }

    String id() {
        return spec.id();
    }

    long pid() {
        return process.pid();
    }

    /** Completes with the ready line, or exceptionally with a {@link CliException} if the process ends before. */
    CompletableFuture<ReadyLine> ready() {
        return ready;
    }

    CompletableFuture<Process> exit() {
        return process.onExit();
    }

    /** Whether it served before it ended. */
    boolean served() {
        return ready.isDone() && !ready.isCompletedExceptionally();
    }

    /** How it ended, for messages: {@code ended with status 3 (no space left)}. */
    String describeEnd() {
        int status = process.exitValue();
        // A process killed by a signal has 128 plus the signal's number as its status and gives no reason.
        if (status > SIGNALLED) {
            return "was killed by signal " + (status - SIGNALLED);
        }
        return "ended with status " + status + (reason.isEmpty() ? "" : " (" + reason + ")");
    }

    /** Asks the process to end, after draining. */
    void terminate() {
        process.destroy();
    }

    /** Waits for the process to end, and kills it if it does not. */
    void awaitExit(Duration patience) {
        try {
            if (!process.waitFor(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }

    private void readStdout() {
        forEachLine(process.getInputStream(), line -> ReadyLine.parse(line).ifPresent(ready::complete));
        process.onExit().thenAccept(ended -> ready.completeExceptionally(endedEarly(ended.exitValue())));
    }

    private CliException endedEarly(int status) {
        String said = reason.isEmpty() ? "it ended with status " + status : reason;
        return new CliException(spec.id() + ": " + said);
    }

    private void forwardStderr(PrintStream errors) {
        forEachLine(process.getErrorStream(), line -> {
            if (!line.startsWith("WARNING: Using incubator modules")) {
                reason = reasonAfter(reason, line);
                if (!ready.isCompletedExceptionally() && isToBeShown(line, ready.isDone())) {
                    errors.println("[" + spec.id() + "] " + line);
                }
            }
        });
    }

    /** While a service starts only its warnings are shown, because a failure is reported at the end. */
    static boolean isToBeShown(String line, boolean ready) {
        return ready || LOGGED_WARNING.matcher(line).matches();
    }

    /** Why a process ended early: its first logged error, which others may follow, or else its last line. */
    private static String reasonAfter(String known, String line) {
        Matcher error = LOGGED_ERROR.matcher(line);
        if (error.matches()) {
            return error.group(1);
        }
        return LOGGED.matcher(line).matches() && !known.isEmpty() ? known : line;
    }

    private static void forEachLine(InputStream stream, java.util.function.Consumer<String> consumer) {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                consumer.accept(line);
            }
        } catch (IOException e) {
            // The end of the process closes its streams, so nothing is left to read.
        }
    }
}
