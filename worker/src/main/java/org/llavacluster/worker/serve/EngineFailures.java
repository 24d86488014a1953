package org.llavacluster.worker.serve;

import java.time.Duration;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.failure.Incident;

/**
 * Turns exceptions of failed work into failures for callers. Unexpected exceptions are logged without any content of
 * requests.
 */
public final class EngineFailures {

    private static final Logger LOG = Logger.getLogger(EngineFailures.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private EngineFailures() {}

    /**
     * @param work name of the work, for the log
     */
    public static Failure of(String work, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            LOG.warnf("out of memory: %s", work);
            return new Failure.Overloaded("the node is out of memory for this request at present", RETRY_AFTER);
        }
        Failure failure = GrpcFailures.of(thrown);
        if (failure instanceof Failure.Internal(String incident)) {
            LOG.errorf("incident %s in %s: %s", incident, work, Incident.describe(thrown));
        }
        return failure;
    }
}
