package org.llavacluster.scheduling.name;

/**
 * Names of a prompt's beginnings: one digest for each whole block of tokens, over all tokens and images up to its end
 * and the tenant's salt. Equal digests mean equal beginnings of the same tenant.
 *
 * @param blockTokens of every block
 * @param digests of the beginnings of one block, two blocks, and so on; not copied, must not change
 */
public record PromptPrefixes(int blockTokens, long[] digests) {

    public static final PromptPrefixes NONE = new PromptPrefixes(1, new long[0]);

    public PromptPrefixes {
        if (blockTokens < 1) {
            throw new IllegalArgumentException("blocks of " + blockTokens + " tokens");
        }
    }
}
