package org.llavacluster.model.image;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;

/** Computes the pixel values of encoded images for one checkpoint. Stateless and thread-safe. */
public final class ImagePreprocessor {

    private final ImageConfig config;
    private final ImageDecoder decoder;
    private final byte[] padding;

    public ImagePreprocessor(ImageConfig config, Preprocess preprocess) {
        this(config, preprocess, ImageLimits.DEFAULT);
    }

    public ImagePreprocessor(ImageConfig config, Preprocess preprocess, ImageLimits limits) {
        this.config = config;
        decoder = new ImageDecoder(preprocess, limits);
        padding = meanColour(config.mean());
    }

    /**
     * Decodes an image, or the first frame of an animation. Its size is that of {@link
     * org.llavacluster.modelio.image.ImageHeader#widthAsSeen the header as seen}.
     *
     * @throws ImageFormatException if it cannot be decoded or exceeds a limit
     */
    public DecodedImage read(byte[] encoded) {
        return decoder.decode(encoded);
    }

    /**
     * Writes the tiles of an image.
     *
     * @param layout layout of the image's size, from the model's layouts
     * @param pixels {@code [tiles, 3, side, side]}, float32
     */
    public void write(DecodedImage decoded, ImageLayout layout, MemorySegment pixels) {
        int side = config.side();
        long bytes = 3L * side * side * Float.BYTES * layout.tiles();
        if (pixels.byteSize() != bytes) {
            throw new IllegalArgumentException(pixels.byteSize() + " bytes for " + layout.tiles() + " tiles of " + side
                    + " x " + side + ", which need " + bytes);
        }
        if (layout.tiles() != 1 + layout.gridRows() * layout.gridColumns()
                || (layout.tiles() != 1 && config.mode() != Mode.ANY_RESOLUTION)) {
            throw new IllegalArgumentException("a layout of " + layout.tiles() + " tiles does not fit this model");
        }
        CanvasPainter painter = new CanvasPainter(new TileWriter(config, pixels), side);
        switch (config.mode()) {
            case CROP -> cropped(painter, PixelSource.of(decoded));
            case PAD -> cropped(painter, PixelSource.squared(decoded, padding));
            case STRETCH -> stretched(painter, PixelSource.of(decoded));
            case ANY_RESOLUTION -> {
                stretched(painter, PixelSource.of(decoded));
                grid(painter, PixelSource.of(decoded), layout);
            }
        }
    }

    private void cropped(CanvasPainter painter, PixelSource source) {
        ImagePlacement placement =
                ImagePlacement.cropped(source.width(), source.height(), config.shortestEdge(), config.side());
        painter.paint(source, placement, 0, 1, 1);
    }

    private void stretched(CanvasPainter painter, PixelSource source) {
        painter.paint(source, ImagePlacement.stretched(config.side(), config.side()), 0, 1, 1);
    }

    private void grid(CanvasPainter painter, PixelSource source, ImageLayout layout) {
        int width = layout.gridColumns() * config.side();
        int height = layout.gridRows() * config.side();
        ImagePlacement placement = ImagePlacement.fitted(source.width(), source.height(), width, height);
        painter.paint(source, placement, 1, layout.gridRows(), layout.gridColumns());
    }

    /** The original LLaVA's {@code int(mean * 255)}: 122, 116, 104 with CLIP's means. */
    private static byte[] meanColour(List<Float> mean) {
        byte[] colour = new byte[3];
        for (int channel = 0; channel < colour.length; channel++) {
            colour[channel] = (byte) (int) (mean.get(channel).doubleValue() * 255);
        }
        return colour;
    }
}
