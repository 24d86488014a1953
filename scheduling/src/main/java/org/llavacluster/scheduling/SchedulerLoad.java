package org.llavacluster.scheduling;

/**
 * What the scheduler holds, for gauges and counters.
 *
 * @param waitingForVision requests in the queue for vision nodes
 * @param waitingTiles tiles of their images that have to be encoded
 * @param encoding requests whose images are being encoded
 * @param waitingForDecoders requests in the queue for decoders, and those that wait to be resumed
 * @param generating requests at decoders
 * @param furtherWaiting how many of those that wait for decoders are further choices of requests that run
 * @param flights images being encoded
 * @param submitted so far; equals all requests here and all outcomes
 * @param resumes attempts that went on with tokens of an earlier one, so far
 * @param retries calls repeated after a failure, so far
 * @param late events that were dropped, so far
 */
public record SchedulerLoad(
        int waitingForVision,
        double waitingTiles,
        int encoding,
        int waitingForDecoders,
        int generating,
        int furtherWaiting,
        int flights,
        long submitted,
        Outcomes outcomes,
        long resumes,
        long retries,
        long late) {

    /** Requests by how they ended, so far. */
    public record Outcomes(long completed, long cancelled, long expired, long refused, long failed) {

        static final Outcomes NONE = new Outcomes(0, 0, 0, 0, 0);

        public long total() {
            return completed + cancelled + expired + refused + failed;
        }

        Outcomes with(RequestOutcome outcome) {
            return switch (outcome) {
                case RequestOutcome.Completed() -> new Outcomes(completed + 1, cancelled, expired, refused, failed);
                case RequestOutcome.Cancelled() -> new Outcomes(completed, cancelled + 1, expired, refused, failed);
                case RequestOutcome.Expired() -> new Outcomes(completed, cancelled, expired + 1, refused, failed);
                case RequestOutcome.Refused _ -> new Outcomes(completed, cancelled, expired, refused + 1, failed);
                case RequestOutcome.ImageRefused _, RequestOutcome.Failed _ ->
                    new Outcomes(completed, cancelled, expired, refused, failed + 1);
            };
        }
    }

    /** Requests that wait for their turn: a further choice of a request that runs is none. */
    public int requestsWaiting() {
        return waitingForVision + waitingForDecoders - furtherWaiting;
    }

    /** Requests that have not ended. */
    public int inside() {
        return waitingForVision + encoding + waitingForDecoders + generating;
    }
}
