package org.llavacluster.node.transport;

import org.llavacluster.node.failure.Failure;

/**
 * A received request message. gRPC has no hook for a message that its marshaller refuses: it ends the call with UNKNOWN
 * and logs the exception. So reading never throws, and the refusal is a value.
 */
sealed interface ReceivedRequest<Q> {

    record Read<Q>(Q message) implements ReceivedRequest<Q> {}

    record Unreadable<Q>(Failure failure) implements ReceivedRequest<Q> {}
}
