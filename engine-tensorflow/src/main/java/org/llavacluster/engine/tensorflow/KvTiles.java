package org.llavacluster.engine.tensorflow;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.KvStep;

/**
 * The rows of a step, cut into tiles of equal height for attention: a tile holds rows of one sequence and is padded
 * with its last row. One long chunk is one tile; beside single rows it is cut, for without that every one of them would
 * be padded to its length.
 */
final class KvTiles {

    /** Fetching a tile's keys and values costs about as much as attending from this many rows. */
    private static final int TILE_COST = 32;

    private final KvLayout layout;
    private final List<KvStep.Part> tiles = new ArrayList<>();
    private final int height;
    private final int rows;

    /**
     * @param step checked by the layout
     */
    KvTiles(KvLayout layout, KvStep step) {
        this.layout = layout;
        this.rows = step.rows();
        this.height = bestHeight(step.parts());
        for (KvStep.Part part : step.parts()) {
            for (int done = 0; done < part.rows(); done += height) {
                int tileRows = Math.min(height, part.rows() - done);
                tiles.add(new KvStep.Part(part.start() + done, tileRows, part.blocks()));
            }
        }
    }

    private static int bestHeight(List<KvStep.Part> parts) {
        int longest = 0;
        for (KvStep.Part part : parts) {
            longest = Math.max(longest, part.rows());
        }
        int best = longest;
        for (int candidate = 1; candidate < longest; candidate *= 2) {
            best = cost(parts, candidate) < cost(parts, best) ? candidate : best;
        }
        return best;
    }

    private static long cost(List<KvStep.Part> parts, int height) {
        long tiles = 0;
        for (KvStep.Part part : parts) {
            tiles += Math.ceilDiv(part.rows(), height);
        }
        return tiles * (height + TILE_COST);
    }

    int count() {
        return tiles.size();
    }

    /** Rows of each tile. */
    int height() {
        return height;
    }

    int rows() {
        return rows;
    }

    /** Blocks that the longest sequence has in use. */
    int blocks() {
        int most = 0;
        for (KvStep.Part tile : tiles) {
            most = Math.max(most, blocks(tile));
        }
        return most;
    }

    private int blocks(KvStep.Part tile) {
        return Math.ceilDiv(tile.start() + tile.rows(), layout.blockTokens());
    }

    /** [rows]: where K and V of each row go. */
    int[] slots() {
        int[] slots = new int[rows];
        int row = 0;
        for (KvStep.Part tile : tiles) {
            for (int t = 0; t < tile.rows(); t++) {
                slots[row++] = layout.slot(tile.blocks(), tile.start() + t);
            }
        }
        return slots;
    }

    /** [tiles, blocks]: block tables as far as they are in use, padded with block 0. */
    int[] tables() {
        int blocks = blocks();
        int[] tables = new int[tiles.size() * blocks];
        for (int i = 0; i < tiles.size(); i++) {
            System.arraycopy(tiles.get(i).blocks(), 0, tables, i * blocks, blocks(tiles.get(i)));
        }
        return tables;
    }

    /** [tiles]: the position of each tile's first row. */
    int[] starts() {
        return tiles.stream().mapToInt(KvStep.Part::start).toArray();
    }

    /** [tiles]: the position after each tile's last row. */
    int[] ends() {
        return tiles.stream().mapToInt(tile -> tile.start() + tile.rows()).toArray();
    }

    /** [tiles, height]: the row in each cell. */
    int[] rowOfCell() {
        int[] rowOfCell = new int[tiles.size() * height];
        int row = 0;
        for (int i = 0; i < tiles.size(); i++) {
            for (int t = 0; t < height; t++) {
                rowOfCell[i * height + t] = row + Math.min(t, tiles.get(i).rows() - 1);
            }
            row += tiles.get(i).rows();
        }
        return rowOfCell;
    }

    /** [rows]: the cell that holds each row. */
    int[] cellOfRow() {
        int[] cellOfRow = new int[rows];
        int row = 0;
        for (int i = 0; i < tiles.size(); i++) {
            for (int t = 0; t < tiles.get(i).rows(); t++) {
                cellOfRow[row++] = i * height + t;
            }
        }
        return cellOfRow;
    }
}
