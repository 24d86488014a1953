package org.llavacluster.vision.service;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.llavacluster.modelio.config.ImageConfig;
import org.llavacluster.modelio.image.Preprocess;

/**
 * Names the preprocessing with every setting that changes a bit of the pixel values, so that features of one
 * preprocessing are never used for another. The gateway treats the name as opaque.
 */
final class PreprocessorName {

    /** Changes whenever the project's code gives other pixel values for the same image and settings. */
    private static final String VERSION = "2";

    private PreprocessorName() {}

    static String of(ImageConfig config, Preprocess preprocess) {
        return String.join(
                " ",
                "llava-pixels/" + VERSION,
                "as=" + written(preprocess),
                "mode=" + written(config.mode()),
                "side=" + config.side(),
                "shortest=" + config.shortestEdge(),
                "rescale=" + config.rescaleFactor(),
                "mean=" + joined(config.mean()),
                "std=" + joined(config.std()),
                "grid="
                        + joined(config.gridPinpoints().stream()
                                .map(size -> size.height() + "x" + size.width())
                                .toList()),
                "merge=" + written(config.merge()));
    }

    private static String joined(List<?> values) {
        return values.stream().map(Object::toString).collect(Collectors.joining(","));
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
