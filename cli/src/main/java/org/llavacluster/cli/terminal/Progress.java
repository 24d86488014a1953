package org.llavacluster.cli.terminal;

import java.io.PrintStream;
import java.util.function.Supplier;
import org.llavacluster.node.time.Clock;

/** Lines about long work, on stderr because stdout is for results, each with the seconds since the start. */
public final class Progress {

    private static final long SECOND = 1_000_000_000L;

    private final PrintStream out;
    private final Clock clock;
    private final long startNanos;
    private long stepNanos;

    public Progress(PrintStream out, Clock clock) {
        this.out = out;
        this.clock = clock;
        this.startNanos = clock.nanoTime();
        this.stepNanos = startNanos;
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

    /**
     * A line about how far long work is, at most one a second.
     *
     * @param last whether the work ends with this step: its line is printed in any case
     */
    public void step(boolean last, Supplier<String> what) {
        if (last || clock.nanoTime() - stepNanos > SECOND) {
            stepNanos = clock.nanoTime();
            done(what.get());
        }
    }

    private double seconds() {
        return (clock.nanoTime() - startNanos) / 1e9;
    }
}
