package org.llavacluster.cli.serve;

/** How one request ended. Times are in nanoseconds from when the request was due. */
sealed interface ServeEnd {

    /**
     * With a complete answer.
     *
     * @param encodedNanos the gateway's time until all images were encoded; 0 without images
     * @param tokens at least 1
     */
    record Answered(long encodedNanos, long firstTokenNanos, long totalNanos, int tokens) implements ServeEnd {

        /** Mean time of the tokens after the first; 0 for a single one. */
        double nanosPerToken() {
            return tokens < 2 ? 0 : (double) (totalNanos - firstTokenNanos) / (tokens - 1);
        }
    }

    /** Because of the load: RESOURCE_EXHAUSTED and UNAVAILABLE. */
    record Refused(long nanos) implements ServeEnd {}

    /** The client left, as it was to. */
    record Left() implements ServeEnd {}

    /** In any other way, which is a fault. */
    record Failed(String reason) implements ServeEnd {}
}
