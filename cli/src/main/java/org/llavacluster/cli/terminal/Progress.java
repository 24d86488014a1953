package org.llavacluster.cli.terminal;

import java.io.PrintStream;
import org.llavacluster.node.time.Clock;

/** Lines about long work, on stderr because stdout is for results, each with the seconds since the start. */
public final class Progress {

    private final PrintStream out;
    private final Clock clock;
    private final long startNanos;

    public Progress(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.startNanos = clock.nanoTime();
    }

    public static Progress toStderr() {
        return new Progress(System.err, Clock.SYSTEM);
    }

    /** A line without a time. */
    public void note(String line) {
        out.println(line);
    }

    /** A line for something that has happened. */
    public void done(String what) {
        out.println("  %s (%.1f s)".formatted(what, seconds()));
    }

    private double seconds() {
        return (clock.nanoTime() - startNanos) / 1e9;
    }
}
