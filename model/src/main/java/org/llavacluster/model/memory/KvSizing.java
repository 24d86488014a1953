package org.llavacluster.model.memory;

import java.util.OptionalInt;
import org.llavacluster.engine.DType;
import org.llavacluster.model.decoder.DecoderModel;
import org.llavacluster.modelio.config.DecoderConfig;

/** Computes the number of blocks of the KV cache. */
public final class KvSizing {

    /** Positions of a block. At most 15 are wasted per sequence, and block tables stay short. */
    public static final int BLOCK_TOKENS = 16;

    /** Contexts that fit at once by default: a few long conversations or dozens of short ones. */
    private static final int DEFAULT_CONTEXTS = 4;

    /**
     * The default takes at most one part in this many of the machine's memory; weights and other processes need the
     * rest.
     */
    private static final int MEMORY_SHARE = 4;

    private KvSizing() {}

    /**
     * The number of blocks.
     *
     * @param tokens requested positions, rounded up to blocks; by default four contexts or a quarter of the memory,
     *     whichever is less
     * @param memoryBytes memory of the machine or container
     */
    public static int blocks(OptionalInt tokens, DecoderConfig config, DType dtype, long memoryBytes) {
        if (tokens.isPresent()) {
            return Math.ceilDiv(tokens.getAsInt(), BLOCK_TOKENS);
        }
        long blockBytes = DecoderModel.kvLayout(config, 1, BLOCK_TOKENS, dtype).blockBytes();
        long wanted = Math.ceilDiv((long) DEFAULT_CONTEXTS * config.contextTokens(), BLOCK_TOKENS);
        long affordable = memoryBytes / MEMORY_SHARE / blockBytes;
        return Math.toIntExact(Math.max(1, Math.min(wanted, affordable)));
    }

    /** Bytes of all those blocks. */
    public static long bytes(OptionalInt tokens, DecoderConfig config, DType dtype, long memoryBytes) {
        int blocks = blocks(tokens, config, dtype, memoryBytes);
        return blocks
                * DecoderModel.kvLayout(config, blocks, BLOCK_TOKENS, dtype).blockBytes();
    }
}
