package org.llavacluster.modelio.image;

import java.util.Arrays;
import java.util.List;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.config.VisionConfig;

/**
 * Computes the layouts of images for one model: the tiles, and the order in which their rows enter the decoder. The
 * any-resolution rules of LLaVA 1.6 are those of transformers' {@code select_best_resolution} and {@code
 * pack_image_features}.
 */
public final class ImageLayouts {

    private final ImageConfig image;
    private final VisionConfig vision;
    private final Unpadding unpadding;
    private final ImageLayout oneTile;

    /**
     * @throws ModelFormatException if features with a class row are to be merged as one image
     */
    public ImageLayouts(ModelConfig config) {
        image = config.image();
        vision = config.vision();
        unpadding = new Unpadding(config.layout());
        oneTile = new ImageLayout(1, 0, 0, rowsUpTo(vision.rowsPerTile()));
        if (image.mode() == Mode.ANY_RESOLUTION && image.merge() != Merge.FLAT && vision.keepClassRow()) {
            throw new ModelFormatException(
                    "config.json: vision_feature_select_strategy full keeps a class row, which has no "
                            + "place among tiles that are merged as one image");
        }
    }

    /** The layout of an image of that size as the model sees it: {@link ImageHeader#widthAsSeen}. */
    public ImageLayout of(int width, int height) {
        if (width < 1 || height < 1) {
            throw new IllegalArgumentException("image of " + width + " x " + height);
        }
        return switch (image.mode()) {
            case CROP, STRETCH, PAD -> oneTile;
            case ANY_RESOLUTION -> tiled(bestCanvas(image.gridPinpoints(), width, height), width, height);
        };
    }

    /** The largest number of decoder rows of any image. */
    public int maxRows() {
        return switch (image.mode()) {
            case CROP, STRETCH, PAD -> oneTile.rows();
            // An image of a canvas's own size fills it, so nothing is unpadded.
            case ANY_RESOLUTION ->
                image.gridPinpoints().stream()
                        .mapToInt(canvas ->
                                tiled(canvas, canvas.width(), canvas.height()).rows())
                        .max()
                        .orElseThrow();
        };
    }

    /**
     * The canvas that keeps most of the image's pixels, then the one that wastes least, then the first. An image so
     * thin that it would vanish on every canvas gets the smallest.
     */
    private static Resolution bestCanvas(List<Resolution> canvases, int width, int height) {
        Resolution best = canvases.getFirst();
        long mostKept = 0;
        long leastWasted = Long.MAX_VALUE;
        for (Resolution canvas : canvases) {
            double scale = Math.min((double) canvas.width() / width, (double) canvas.height() / height);
            long scaled = (long) (width * scale) * (long) (height * scale);
            long kept = Math.min(scaled, (long) width * height);
            long wasted = (long) canvas.width() * canvas.height() - kept;
            if (kept > mostKept || (kept == mostKept && wasted < leastWasted)) {
                best = canvas;
                mostKept = kept;
                leastWasted = wasted;
            }
        }
        return best;
    }

    private ImageLayout tiled(Resolution canvas, int width, int height) {
        int gridRows = canvas.height() / image.side();
        int gridColumns = canvas.width() / image.side();
        int tiles = 1 + gridRows * gridColumns;
        int perTile = vision.rowsPerTile();
        int[] order =
                switch (image.merge()) {
                    case FLAT -> rowsUpTo(tiles * perTile);
                    case SPATIAL -> merged(gridRows, gridColumns, false, width, height);
                    case SPATIAL_UNPAD -> merged(gridRows, gridColumns, true, width, height);
                };
        return new ImageLayout(tiles, gridRows, gridColumns, order);
    }

    /** The base tile's rows, then the grid's patches as one image, row by row of patches. */
    private int[] merged(int gridRows, int gridColumns, boolean unpad, int width, int height) {
        int side = vision.gridSide();
        int perTile = vision.rowsPerTile();
        int patchRows = gridRows * side;
        int patchColumns = gridColumns * side;
        Unpadding.Margin margin =
                unpad ? unpadding.margin(patchRows, patchColumns, width, height) : Unpadding.Margin.NONE;
        int keptRows = patchRows - 2 * margin.rows();
        int keptColumns = patchColumns - 2 * margin.columns();
        int newline = (1 + gridRows * gridColumns) * perTile;

        int[] order = Arrays.copyOf(rowsUpTo(perTile), perTile + keptRows * (keptColumns + (unpad ? 1 : 0)));
        int next = perTile;
        for (int row = margin.rows(); row < margin.rows() + keptRows; row++) {
            for (int column = margin.columns(); column < margin.columns() + keptColumns; column++) {
                int tile = 1 + row / side * gridColumns + column / side;
                order[next++] = tile * perTile + row % side * side + column % side;
            }
            if (unpad) {
                order[next++] = newline;
            }
        }
        return order;
    }

    private static int[] rowsUpTo(int count) {
        int[] order = new int[count];
        Arrays.setAll(order, i -> i);
        return order;
    }
}
