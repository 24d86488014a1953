package org.llavacluster.vision.service;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.llavacluster.text.config.ImageConfig;
import org.llavacluster.text.image.Preprocess;

/**
 * Names how pictures become pixel values, with all that changes a bit of them: features made in one way are never found by who wants
 * them made in another. The gateway takes it as it is.
 */
final class PreprocessorName {

    /** Changes whenever our own code gives other pixel values for the same picture and settings. */
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
