package org.llavacluster.cli.command;

import java.util.OptionalInt;
import org.llavacluster.cli.terminal.Progress;

/** Compares the number of threads with this machine's cores. */
final class CoreWarning {

    private CoreWarning() {}

    /** Notes if there are more threads than cores. This is allowed, for measurements, but slower. */
    static void warn(OptionalInt threads, Progress progress) {
        int cores = Runtime.getRuntime().availableProcessors();
        if (threads.orElse(cores) > cores) {
            progress.note("--threads is %d, this machine has %d cores: more than those make it slower"
                    .formatted(threads.getAsInt(), cores));
        }
    }
}
