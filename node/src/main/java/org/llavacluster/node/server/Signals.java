package org.llavacluster.node.server;

import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;

/**
 * SIGTERM and SIGINT, by which a process is asked to end: the JVM alone would answer them with exit codes 143 and 130.
 */
final class Signals {

    private Signals() {}

    /** Calls back once, on a thread of its own. */
    static void onTermination(Runnable action) {
        AtomicBoolean asked = new AtomicBoolean();
        for (String name : new String[] {"TERM", "INT"}) {
            Signal.handle(new Signal(name), _ -> {
                if (asked.compareAndSet(false, true)) {
                    Thread.ofPlatform().name("drain").start(action);
                }
            });
        }
    }
}
