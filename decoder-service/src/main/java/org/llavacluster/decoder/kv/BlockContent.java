package org.llavacluster.decoder.kv;

import java.util.Arrays;
import java.util.List;

/**
 * The tokens and image rows at the positions of one full block, without what precedes it. Equal contents after equal
 * prefixes have equal K and V.
 */
public final class BlockContent {

    /** For each position the token's id, or {@code -1 - r} for row r of an image. */
    private final int[] cells;

    /** The embeddings that the image rows belong to, one key for each unbroken run. */
    private final List<OpaqueKey> images;

    private final int hash;

    /**
     * @param cells [blockTokens]; not copied
     */
    public BlockContent(int[] cells, List<OpaqueKey> images) {
        this.cells = cells;
        this.images = List.copyOf(images);
        this.hash = 31 * Arrays.hashCode(cells) + this.images.hashCode();
    }

    /** The cell of a row of an image. */
    public static int imageCell(int row) {
        return -1 - row;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BlockContent content
                && hash == content.hash
                && Arrays.equals(cells, content.cells)
                && images.equals(content.images);
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public String toString() {
        return "content of " + cells.length + " positions";
    }
}
