package org.llavacluster.images;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A program that the build runs and waits for. */
final class ImageProcess {

    private static final Duration LONGEST = Duration.ofMinutes(20);

    private ImageProcess() {}

    /** @throws IOException if it cannot be started, fails, or takes longer than {@link #LONGEST} */
    static void run(List<String> command) throws IOException {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                .start();
        process.getOutputStream().close();
        try {
            if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
                throw new IOException(command.getFirst() + " took longer than " + LONGEST.toMinutes() + " minutes");
            }
            if (process.exitValue() != 0) {
                throw new IOException("status " + process.exitValue() + " of: " + String.join(" ", command));
            }
        } catch (InterruptedException e) {
            throw new IOException("interrupted while this ran: " + command.getFirst(), e);
        } finally {
            process.destroyForcibly();
        }
    }
}
