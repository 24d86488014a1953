package org.llavacluster.worker.serve;

import java.time.Duration;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.failure.Incident;

/** What a worker tells of work that broke: callers get a failure, the log what is nobody's failure but ours, without any content. */
public final class EngineFailures {

    private static final Logger LOG = Logger.getLogger(EngineFailures.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private EngineFailures() {}

    /** @param work what broke, for the log */
    public static Failure of(String work, Throwable thrown) {
        if (thrown instanceof OutOfMemoryError) {
            LOG.warnf("no memory for %s", work);
            return new Failure.Overloaded("the node has no memory for this now", RETRY_AFTER);
        }
        Failure failure = GrpcFailures.of(thrown);
        if (failure instanceof Failure.Internal(String incident)) {
            LOG.errorf("incident %s in %s: %s", incident, work, Incident.describe(thrown));
        }
        return failure;
    }
}
