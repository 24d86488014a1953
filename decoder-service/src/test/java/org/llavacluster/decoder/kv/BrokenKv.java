package org.llavacluster.decoder.kv;

import java.util.Optional;

/** KV parts with deliberate faults, to prove that the checks of the simulation detect them. */
public final class BrokenKv {

    private BrokenKv() {}

    /** Now and then forgets to release a block. */
    public static BlockPool leaking(int blocks, PrefixCache prefixes) {
        return new BlockPool(blocks, prefixes) {
            private int releases;

            @Override
            void release(int block) {
                if (++releases % 50 != 0) {
                    super.release(block);
                }
            }
        };
    }

    /** Accepts any block in the right slot of the hash table without comparing the content. */
    public static PrefixCache stale(int blocks) {
        return new PrefixCache(blocks) {
            @Override
            Optional<PrefixNode> find(PrefixNode parent, BlockContent content) {
                return parent.children.values().stream().findFirst();
            }
        };
    }

    /** Ignores the salt. */
    public static PrefixCache unsalted(int blocks) {
        OpaqueKey everyone = new OpaqueKey(new byte[0]);
        return new PrefixCache(blocks) {
            @Override
            PrefixNode root(OpaqueKey salt) {
                return super.root(everyone);
            }
        };
    }
}
