package org.llavacluster.decoder.kv;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds blocks by their content, in one tree of contents per salt. A lookup compares the whole content, not only its
 * hash. {@link BlockPool} decides which blocks leave, and drops children before their parents.
 */
public class PrefixCache {

    private final Map<OpaqueKey, PrefixNode> roots = new HashMap<>();
    private final PrefixNode[] nodes; // [blocks], null if the block is not in the tree
    private int size;

    public PrefixCache(int blocks) {
        nodes = new PrefixNode[blocks];
    }

    /** The root of the tree under that salt. */
    PrefixNode root(OpaqueKey salt) {
        return live(PrefixNode.root(salt));
    }

    /** The block with that content after {@code parent}. */
    Optional<PrefixNode> find(PrefixNode parent, BlockContent content) {
        return Optional.ofNullable(live(parent).children.get(content));
    }

    /** Adds a full and computed block. No block with this content may follow {@code parent} yet. */
    final PrefixNode insert(PrefixNode parent, BlockContent content, int block) {
        PrefixNode live = live(parent);
        if (live.isRoot()) {
            roots.put(live.salt, live);
        }
        PrefixNode node = live.child(content, block);
        if (nodes[block] != null || live.children.putIfAbsent(content, node) != null) {
            throw new IllegalStateException("block " + block + " or its content is in the prefix cache already");
        }
        nodes[block] = node;
        size++;
        return node;
    }

    /**
     * The current node of a root: a salt's tree is dropped with its last block, while a sequence may still hold the old
     * root.
     */
    private PrefixNode live(PrefixNode parent) {
        return parent.isRoot() ? roots.getOrDefault(parent.salt, parent) : parent;
    }

    final boolean holds(int block) {
        return nodes[block] != null;
    }

    /** Removes a block that no sequence uses and that has no children. */
    final void evict(int block) {
        PrefixNode node = nodes[block];
        if (!node.children.isEmpty()) {
            throw new IllegalStateException("block " + block + " leaves the prefix cache before its children");
        }
        nodes[block] = null;
        size--;
        node.parent.children.remove(node.content);
        if (node.parent.isRoot() && node.parent.children.isEmpty()) {
            roots.remove(node.salt);
        }
    }

    /** Number of blocks in the tree, in use or not. */
    public final int size() {
        return size;
    }
}
