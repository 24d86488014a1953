package org.llavacluster.node.failure;

import java.time.Duration;

/**
 * Why a request did not succeed. Messages name fields, limits and values, never content, paths or addresses. Each kind
 * has one gRPC status and one HTTP status.
 */
public sealed interface Failure {

    /** One line for the caller. */
    String message();

    /** Invalid whatever the state of the cluster. */
    record Invalid(String field, String message) implements Failure {}

    /** The prompt, alone or with the requested answer, is longer than the model's context. */
    record ContextExceeded(String field, String message) implements Failure {}

    /** Too large for a limit of the transport or the store. */
    record TooLarge(String field, String message) implements Failure {}

    /** Refused because of load; worth another try after that time. */
    record Overloaded(String message, Duration retryAfter) implements Failure {}

    /** No healthy worker was available and nothing was sent. */
    record Unavailable(String message) implements Failure {}

    /** The answer broke off after tokens were sent. */
    record Aborted(String message) implements Failure {}

    /** A tensor does not match its checksum. */
    record Corrupt(String message) implements Failure {}

    /** The state does not allow it, such as an evicted image or a changed revision. */
    record Precondition(String message) implements Failure {}

    record NotFound(String message) implements Failure {}

    /** The requested model is not served. */
    record UnknownModel(String message) implements Failure {}

    record Unsupported(String message) implements Failure {}

    record Expired(String message) implements Failure {}

    record Cancelled(String message) implements Failure {}

    /** A broken invariant of this program. */
    record Internal(String incident) implements Failure {

        @Override
        public String message() {
            return "internal error, incident " + incident;
        }
    }
}
