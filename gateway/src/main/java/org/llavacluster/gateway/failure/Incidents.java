package org.llavacluster.gateway.failure;

import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.Incident;
import org.llavacluster.node.trace.RequestId;

/** Broken invariants of this project: the log gets the details, the caller an id to refer to. */
public final class Incidents {

    private static final Logger LOG = Logger.getLogger(Incidents.class);

    private Incidents() {}

    /**
     * @param what without any content of a request
     */
    public static FailureException report(String what) {
        Failure.Internal incident = new Failure.Internal(Incident.next());
        LOG.errorf("incident %s, %s: %s", incident.incident(), RequestId.named(), what);
        return new FailureException(incident);
    }

    public static FailureException report(Throwable unexpected) {
        return report(Incident.describe(unexpected));
    }
}
