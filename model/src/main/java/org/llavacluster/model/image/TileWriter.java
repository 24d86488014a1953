package org.llavacluster.model.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.modelio.config.ImageConfig;

/**
 * Writes rows of 8-bit pixels as normalised float32 tiles: {@code float32(pixel * rescale)}, then {@code (value - mean)
 * / std} in float32, in the order of transformers. Has a row of scratch memory, so it is for one thread.
 */
final class TileWriter {

    private static final int CHANNELS = 3;
    private static final int LEVELS = 256;

    private final MemorySegment pixels;
    private final int side;
    private final float[] levels;
    private final float[] line;

    /** @param pixels {@code [tiles, 3, side, side]}, float32 */
    TileWriter(ImageConfig config, MemorySegment pixels) {
        this.pixels = pixels;
        side = config.side();
        levels = levels(config);
        line = new float[side];
    }

    /** The value of each pixel level per channel, {@code [3, 256]}. */
    static float[] levels(ImageConfig config) {
        float[] levels = new float[CHANNELS * LEVELS];
        List<Float> means = config.mean();
        List<Float> stds = config.std();
        for (int i = 0; i < levels.length; i++) {
            float value = (float) (i % LEVELS * config.rescaleFactor());
            levels[i] = (value - means.get(i / LEVELS)) / stds.get(i / LEVELS);
        }
        return levels;
    }

    /**
     * Writes one row of a tile.
     *
     * @param rgb {@code [pixels, 3]}; the row is the {@code side} pixels from {@code firstPixel} on
     */
    void write(int tile, int row, byte[] rgb, int firstPixel) {
        for (int channel = 0; channel < CHANNELS; channel++) {
            int at = CHANNELS * firstPixel + channel;
            for (int x = 0; x < side; x++, at += CHANNELS) {
                line[x] = levels[channel * LEVELS + (rgb[at] & 0xFF)];
            }
            long first = (((long) tile * CHANNELS + channel) * side + row) * side;
            MemorySegment.copy(line, 0, pixels, HostTensor.FLOAT, first * Float.BYTES, side);
        }
    }
}
