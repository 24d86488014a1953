package org.llavacluster.decoder.kv;

import java.util.Optional;

/** KV parts with a deliberate fault, to prove that the checks of the simulation see it. */
public final class BrokenKv {

    private BrokenKv() {}

    /** Forgets to release a block, once in a while. */
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

    /** Takes any block at the right place for the right one: looks at the hash table's slot, not at the content. */
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
        Key everyone = new Key(new byte[0]);
        return new PrefixCache(blocks) {
            @Override
            PrefixNode root(Key salt) {
                return super.root(everyone);
            }
        };
    }
}
