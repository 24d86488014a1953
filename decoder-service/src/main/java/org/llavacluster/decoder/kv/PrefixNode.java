package org.llavacluster.decoder.kv;

import java.util.HashMap;
import java.util.Map;

/** A block in the prefix tree. Its K and V were computed from the contents on the path from the root to this node. */
final class PrefixNode {

    /** The root has no block. */
    static final int NO_BLOCK = -1;

    final OpaqueKey salt;
    final PrefixNode parent;
    final BlockContent content;
    final int block;
    final Map<BlockContent, PrefixNode> children = new HashMap<>();

    private PrefixNode(OpaqueKey salt, PrefixNode parent, BlockContent content, int block) {
        this.salt = salt;
        this.parent = parent;
        this.content = content;
        this.block = block;
    }

    static PrefixNode root(OpaqueKey salt) {
        return new PrefixNode(salt, null, null, NO_BLOCK);
    }

    PrefixNode child(BlockContent childContent, int childBlock) {
        return new PrefixNode(salt, this, childContent, childBlock);
    }

    boolean isRoot() {
        return parent == null;
    }
}
