package org.llavacluster.text.image;

/**
 * Which tiles a picture of one size becomes and in which order their rows enter the decoder. Depends on the size alone, so it
 * is known before any pixel is.
 *
 * @param tiles all of them, the base tile included
 * @param gridRows rows of tiles besides the base tile; 0 where there is only one tile
 * @param gridColumns columns of tiles besides the base tile
 * @param rowOrder for each decoder row the row of the features, {@code [tiles * rowsPerTile]}; {@code tiles * rowsPerTile} stands
 *     for the newline row. The caller must not write to the array
 */
public record ImageLayout(int tiles, int gridRows, int gridColumns, int[] rowOrder) {

    /** Decoder rows, which is the number of image tokens. */
    public int rows() {
        return rowOrder.length;
    }
}
