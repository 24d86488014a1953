package org.llavacluster.cli.soak;

import java.util.OptionalLong;

/** How a request of a soak ended. */
sealed interface SoakOutcome {

    /**
     * Ended with a complete answer.
     *
     * @param firstTokenNanos when its first token came, by the clock; empty if it came in one piece or had no text
     */
    record Answered(String text, OptionalLong firstTokenNanos) implements SoakOutcome {}

    /** By the client, before it was whole. */
    record Left() implements SoakOutcome {}

    /**
     * With a status or an HTTP code that says why.
     *
     * @param code a gRPC status, an HTTP code, or the code of an error event in a stream that had begun
     */
    record Refused(String code) implements SoakOutcome {

        /** Whether the load was the reason, which a retry may find lower. */
        boolean isLoad() {
            return switch (code) {
                case "RESOURCE_EXHAUSTED", "UNAVAILABLE", "429", "503", "overloaded", "unavailable" -> true;
                default -> false;
            };
        }

        /** Whether the request was the reason. */
        boolean isCallersFault() {
            return switch (code) {
                case "INVALID_ARGUMENT", "NOT_FOUND", "FAILED_PRECONDITION" -> true;
                default -> code.startsWith("4") && !code.equals("429") && !code.equals("408");
            };
        }
    }

    /** Not exactly once: never, twice, or with something after the end. */
    record WrongEnd(String what) implements SoakOutcome {}
}
