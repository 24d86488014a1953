package org.llavacluster.model.image;

import java.util.Arrays;
import org.llavacluster.model.image.BicubicResampler.Window;

/**
 * Resizes pixels onto a black canvas and writes it as a grid of tiles in reading order. The canvas is never held as a
 * whole.
 */
final class CanvasPainter {

    private final TileWriter writer;
    private final int side;

    CanvasPainter(TileWriter writer, int side) {
        this.writer = writer;
        this.side = side;
    }

    /** @param firstTile index of the grid's first tile */
    void paint(PixelSource source, ImagePlacement placement, int firstTile, int gridRows, int gridColumns) {
        int width = gridColumns * side;
        int height = gridRows * side;
        int left = Math.max(0, placement.left());
        int top = Math.max(0, placement.top());
        // The part of the resized image that the canvas shows.
        Window window = new Window(
                left - placement.left(),
                top - placement.top(),
                Math.min(width, placement.left() + placement.width()) - left,
                Math.min(height, placement.top() + placement.height()) - top);

        byte[] line = new byte[3 * width];
        writeLines(0, top, line, firstTile, gridColumns);
        BicubicResampler.resize(source, placement.width(), placement.height(), window, (row, rgb) -> {
            System.arraycopy(rgb, 0, line, 3 * left, rgb.length);
            writeLines(top + row, top + row + 1, line, firstTile, gridColumns);
        });
        Arrays.fill(line, (byte) 0);
        writeLines(top + window.height(), height, line, firstTile, gridColumns);
    }

    private void writeLines(int from, int to, byte[] line, int firstTile, int gridColumns) {
        for (int y = from; y < to; y++) {
            for (int column = 0; column < gridColumns; column++) {
                writer.write(firstTile + y / side * gridColumns + column, y % side, line, column * side);
            }
        }
    }
}
