package org.llavacluster.node.server;

import java.io.IOException;
import java.io.InputStream;

/**
 * Tells when the parent process is gone, however it went: it holds the other end of our standard input, which then
 * reaches its end. What comes over it is thrown away.
 */
public final class ParentWatch {

    private ParentWatch() {}

    /** Calls back once, on a thread of its own. */
    public static Thread start(InputStream input, Runnable gone) {
        return Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            byte[] ignored = new byte[256];
            try {
                while (input.read(ignored) >= 0) {
                    // A live parent may write what it likes.
                }
            } catch (IOException e) {
                // As good as the end.
            }
            gone.run();
        });
    }
}
