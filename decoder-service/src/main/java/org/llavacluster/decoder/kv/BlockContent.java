package org.llavacluster.decoder.kv;

import java.util.Arrays;
import java.util.List;

/**
 * What the positions of one full block hold, apart from what came before it. Equal contents after equal prefixes have equal K
 * and V.
 */
public final class BlockContent {

    /** A position that holds a token has its id; one that holds row r of an image has {@code -1 - r}. */
    private final int[] cells;

    /** The embeddings that the image rows belong to, one for each unbroken run of them. */
    private final List<Key> images;

    private final int hash;

    /** @param cells [blockTokens]; this object keeps the array */
    public BlockContent(int[] cells, List<Key> images) {
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
