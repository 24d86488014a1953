package org.llavacluster.cli.terminal;

import java.util.concurrent.atomic.AtomicInteger;
import sun.misc.Signal;

/**
 * Ctrl-C and SIGTERM as the ordinary end of a command that runs until it is stopped: the process ends with 0 after its
 * shutdown hooks. A second signal does not wait for the hooks and ends it with 130.
 */
public final class StopSignals {

    private static final int INTERRUPTED = 130;

    private final AtomicInteger received = new AtomicInteger();

    private StopSignals() {}

    /**
     * @param announce called once, before the hooks run
     */
    public static StopSignals install(Runnable announce) {
        StopSignals signals = new StopSignals();
        for (String name : new String[] {"INT", "TERM"}) {
            Signal.handle(new Signal(name), signal -> signals.received(announce));
        }
        return signals;
    }

    /** Whether the process is stopping because of such a signal. */
    public boolean stopping() {
        return received.get() > 0;
    }

    private void received(Runnable announce) {
        if (received.incrementAndGet() == 1) {
            announce.run();
            Thread.ofPlatform().name("stop").start(() -> System.exit(0));
        } else {
            Runtime.getRuntime().halt(INTERRUPTED);
        }
    }
}
