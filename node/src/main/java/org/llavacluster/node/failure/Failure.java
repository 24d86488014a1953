package org.llavacluster.node.failure;

import java.time.Duration;

/**
 * Why a request did not succeed. Texts name fields, limits and values given; never content, paths or addresses. Each
 * kind has one gRPC status and one HTTP status.
 */
public sealed interface Failure {

    /** For the caller, one line. */
    String message();

    /** Wrong whatever the state of the cluster. */
    record Invalid(String field, String message) implements Failure {}

    /** The prompt, alone or with the answer asked for, is longer than the model's context. */
    record ContextExceeded(String field, String message) implements Failure {}

    /** The content is too large for a limit of the transport or the store. */
    record TooLarge(String field, String message) implements Failure {}

    /** Shed: worth trying again after that time. */
    record Overloaded(String message, Duration retryAfter) implements Failure {}

    /** No healthy worker was there and nothing was sent. */
    record Unavailable(String message) implements Failure {}

    /** The answer broke off after tokens were sent. */
    record Aborted(String message) implements Failure {}

    /** A tensor did not have the checksum it was sent with. */
    record Corrupt(String message) implements Failure {}

    /** The state does not allow it: an image that is gone, a revision that changed. */
    record Precondition(String message) implements Failure {}

    record NotFound(String message) implements Failure {}

    /** No model of the name that the request gives is served. */
    record UnknownModel(String message) implements Failure {}

    record Unsupported(String message) implements Failure {}

    record Expired(String message) implements Failure {}

    record Cancelled(String message) implements Failure {}

    /** A broken invariant of ours. */
    record Internal(String incident) implements Failure {

        @Override
        public String message() {
            return "internal error, incident " + incident;
        }
    }
}
