package org.llavacluster.cli.command;

import java.util.OptionalInt;
import org.llavacluster.cli.terminal.Progress;

/** How threads fit this machine. */
final class Cores {

    private Cores() {}

    /** Says so where there are more threads than cores: allowed, for somebody may measure it, but slower than fewer. */
    static void warn(OptionalInt threads, Progress progress) {
        int cores = Runtime.getRuntime().availableProcessors();
        if (threads.orElse(cores) > cores) {
            progress.note("--threads is %d, this machine has %d cores: more than those make it slower"
                    .formatted(threads.getAsInt(), cores));
        }
    }
}
