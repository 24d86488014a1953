package org.llavacluster.decoder.kv;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Finds blocks by what they hold: a tree of block contents for each salt. A lookup compares the whole content after its hash, so
 * what it finds is what was asked for. Which blocks may leave is decided by {@link BlockPool}, which drops children before their
 * parents.
 */
public class PrefixCache {

    private final Map<Key, PrefixNode> roots = new HashMap<>();
    private final PrefixNode[] nodes; // [blocks], null where the block is not in the tree
    private int size;

    public PrefixCache(int blocks) {
        nodes = new PrefixNode[blocks];
    }

    /** Where prefixes under that salt start. */
    PrefixNode root(Key salt) {
        return live(PrefixNode.root(salt));
    }

    /** The block after {@code parent} with that content. */
    Optional<PrefixNode> find(PrefixNode parent, BlockContent content) {
        return Optional.ofNullable(live(parent).children.get(content));
    }

    /** Enters a block that is full and computed; none with this content may follow {@code parent} yet. */
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

    /** The tree of a salt is dropped with its last block, while a sequence may still hold the old root. */
    private PrefixNode live(PrefixNode parent) {
        return parent.isRoot() ? roots.getOrDefault(parent.salt, parent) : parent;
    }

    final boolean holds(int block) {
        return nodes[block] != null;
    }

    /** Forgets a block that nobody uses and that nothing follows. */
    final void evict(int block) {
        PrefixNode node = nodes[block];
        if (!node.children.isEmpty()) {
            throw new IllegalStateException("block " + block + " leaves the prefix cache before those after it");
        }
        nodes[block] = null;
        size--;
        node.parent.children.remove(node.content);
        if (node.parent.isRoot() && node.parent.children.isEmpty()) {
            roots.remove(node.salt);
        }
    }

    /** Blocks in the tree, in use or not. */
    public final int size() {
        return size;
    }
}
