package org.llavacluster.stress;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Threads that compute as long as the process runs, like another program on the same machine. */
final class BusyCores {

    private static final String NAME = "busy-core";

    private BusyCores() {}

    static void start(int threads) {
        for (int i = 0; i < threads; i++) {
            Thread.ofPlatform().daemon().name(NAME).start(() -> {
                while (true) {
                    Thread.onSpinWait();
                }
            });
        }
    }

    /**
     * @param thread id in the operating system
     */
    static boolean isNone(int thread) {
        try {
            return !Files.readString(Path.of("/proc/self/task/" + thread + "/comm"))
                    .strip()
                    .equals(NAME);
        } catch (java.nio.file.NoSuchFileException e) {
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
