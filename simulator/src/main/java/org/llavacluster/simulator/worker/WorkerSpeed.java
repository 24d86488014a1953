package org.llavacluster.simulator.worker;

/**
 * How fast workers of a simulated cluster are.
 *
 * @param linkNanos one way between any two processes
 * @param reportNanos between two reports of a worker
 * @param tilesPerSecond of a vision node
 * @param batchNanos that a batch of images takes besides its tiles
 * @param keptFeatures images whose features a vision node keeps
 * @param rowsPerSecond of a projector node
 * @param keptEmbeddings images whose embeddings a projector node keeps
 * @param prefillPerSecond rows of prompts of a decoder
 * @param tokenNanos from one token of an answer to the next, at a decoder with one stream
 * @param streamShare by how much of it each further stream makes that longer
 * @param slots requests that a decoder computes beside each other
 * @param kvTokens of a decoder's KV cache, prefixes of earlier requests included
 * @param tokensPerMessage tokens of an answer that travel together
 */
public record WorkerSpeed(
        long linkNanos,
        long reportNanos,
        double tilesPerSecond,
        long batchNanos,
        int keptFeatures,
        double rowsPerSecond,
        int keptEmbeddings,
        double prefillPerSecond,
        long tokenNanos,
        double streamShare,
        int slots,
        int kvTokens,
        int tokensPerMessage) {

    /** About LLaVA 1.5 7B on one accelerator for each worker. */
    public static final WorkerSpeed ACCELERATOR = new WorkerSpeed(
            300_000L, 500_000_000L, 60, 4_000_000L, 10_000, 200_000, 2_000, 6_000, 20_000_000L, 0.05, 16, 120_000, 1);

    public WorkerSpeed withTokensPerMessage(int tokens) {
        return new WorkerSpeed(
                linkNanos,
                reportNanos,
                tilesPerSecond,
                batchNanos,
                keptFeatures,
                rowsPerSecond,
                keptEmbeddings,
                prefillPerSecond,
                tokenNanos,
                streamShare,
                slots,
                kvTokens,
                tokens);
    }
}
