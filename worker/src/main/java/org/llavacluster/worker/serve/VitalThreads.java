package org.llavacluster.worker.serve;

import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Incident;

/**
 * Threads that a node cannot work without. An uncaught error in one ends the process, so that the node does not seem
 * healthy.
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
        LOG.fatalf("thread %s died, ending the process: %s", thread.getName(), Incident.describe(error));
        // Not exit: draining would wait for work that will never end.
        Runtime.getRuntime().halt(EXIT_CODE);
    }
}
