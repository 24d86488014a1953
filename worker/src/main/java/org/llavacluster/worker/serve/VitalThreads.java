package org.llavacluster.worker.serve;

import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Incident;

/**
 * Threads that a node cannot do without: where one dies of an error the process ends, so that nobody takes what is left of it for a
 * healthy node.
 */
public final class VitalThreads {

    private static final Logger LOG = Logger.getLogger(VitalThreads.class);

    /** EX_SOFTWARE of sysexits.h. */
    private static final int EXIT_CODE = 70;

    private VitalThreads() {}

    public static Thread.Builder.OfPlatform named(String name) {
        return Thread.ofPlatform().name(name).uncaughtExceptionHandler(VitalThreads::died);
    }

    private static void died(Thread thread, Throwable error) {
        LOG.fatalf("thread %s died, the process ends: %s", thread.getName(), Incident.describe(error));
        // Not exit: draining would wait for work that nobody does any more.
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
