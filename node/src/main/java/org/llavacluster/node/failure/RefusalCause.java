package org.llavacluster.node.failure;

import io.grpc.Status;
import java.util.Optional;
import org.llavacluster.node.metrics.RefusalReason;

/**
 * The cause of a status with which a handler refuses a call: the server counts the call under this reason. gRPC sends
 * no causes to the peer.
 */
public final class RefusalCause extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final RefusalReason reason;

    RefusalCause(RefusalReason reason) {
        super(reason.label(), null, false, false);
        this.reason = reason;
    }

    /**
     * Why the call that ends with that status is refused; empty if it is not. A handler need not say why it is
     * overloaded.
     */
    public static Optional<RefusalReason> of(Status status) {
        if (status.getCause() instanceof RefusalCause cause) {
            return Optional.of(cause.reason);
        }
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                ? Optional.of(RefusalReason.OVERLOADED)
                : Optional.empty();
    }
}
