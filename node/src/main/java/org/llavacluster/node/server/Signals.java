package org.llavacluster.node.server;

import java.util.concurrent.atomic.AtomicBoolean;
import sun.misc.Signal;
import sun.misc.SignalHandler;

/** SIGTERM and SIGINT, which ask a process to end. By default the JVM would exit with codes 143 and 130. */
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

    /**
     * Leaves SIGINT to the parent. Ctrl-C reaches every process of a terminal's foreground group, and the parent
     * decides whether it ends this process or only an answer.
     */
    static void leaveInterruptToParent() {
        Signal.handle(new Signal("INT"), SignalHandler.SIG_IGN);
    }
}
