package org.llavacluster.modelio.image;

/**
 * The tiles of an image of one size, and the order in which their rows enter the decoder. It depends on the size only,
 * so it is known before any pixel is decoded.
 *
 * @param tiles number of tiles, including the base tile
 * @param gridRows rows of tiles besides the base tile; 0 if there is only one tile
 * @param gridColumns columns of tiles besides the base tile
 * @param rowOrder for each decoder row the row of the features {@code [tiles * rowsPerTile]}; {@code tiles *
 *     rowsPerTile} is the newline row. Not copied, so the caller must not change it
 */
public record ImageLayout(int tiles, int gridRows, int gridColumns, int[] rowOrder) {

    /** Number of decoder rows, which equals the number of image tokens. */
    public int rows() {
        return rowOrder.length;
    }
}
