package org.llavacluster.node.server;

import java.io.IOException;
import java.io.InputStream;

/**
 * Detects that the parent process has ended, in whatever way. The parent holds the other end of standard input, which
 * then reaches its end. Input is discarded.
 */
public final class ParentWatch {

    private ParentWatch() {}

    /** Calls back once, on a thread of its own. */
    public static Thread start(InputStream input, Runnable gone) {
        return Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            byte[] ignored = new byte[256];
            try {
                while (input.read(ignored) >= 0) {
                    // A live parent may write anything.
                }
            } catch (IOException e) {
                // Counts as the end.
            }
            gone.run();
        });
    }
}
