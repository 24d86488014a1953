package org.llavacluster.modelio.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.json.Fields;
import org.llavacluster.modelio.json.JsonFile;

/** Reads how images are prepared: preprocessor_config.json, or the object in processor_config.json that replaces it. */
final class ImageFields {

    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_STD = List.of(0.26862954, 0.26130258, 0.27577711);
    private static final int BICUBIC = 3;

    private ImageFields() {}

    /**
     * The object that describes the image processor. If the folder has none, an empty one, which means all defaults.
     */
    static Fields find(Path folder) {
        Optional<Fields> own = JsonFile.readIfPresent(folder, "preprocessor_config.json", JsonFile.CONFIG_BYTES);
        Optional<Fields> nested = JsonFile.readIfPresent(folder, "processor_config.json", JsonFile.CONFIG_BYTES)
                .flatMap(processor -> processor.fields("image_processor"));
        return own.or(() -> nested)
                .orElseGet(() -> new Fields("preprocessor_config.json", "", JsonNodeFactory.instance.objectNode()));
    }

    /** @param pinpoints canvas sizes; empty unless the mode is any-resolution */
    static ImageConfig read(Fields pre, Mode mode, int side, List<Resolution> pinpoints, Merge merge) {
        if (!pre.flag("do_resize", true)) {
            throw pre.error("do_resize", "false is not supported");
        }
        int resample = pre.integer("resample").orElse(BICUBIC);
        if (resample != BICUBIC) {
            throw pre.error("resample", "must be " + BICUBIC + " (bicubic), is " + resample);
        }
        Resolution crop = cropSize(pre, side);
        if (crop.height() != side || crop.width() != side) {
            throw pre.error(
                    "crop_size",
                    crop.height() + " x " + crop.width() + " differs from the vision model's image_size " + side
                            + "; position embeddings are not interpolated");
        }
        int shortestEdge = shortestEdge(pre, mode, side);
        if (!pre.flag("do_center_crop", true) && !alreadySquare(pre, mode, shortestEdge, side)) {
            throw pre.error("do_center_crop", "false leaves images that are not square, which is not supported");
        }
        boolean normalise = pre.flag("do_normalize", true);
        return new ImageConfig(
                mode == Mode.CROP && isExact(pre) ? Mode.STRETCH : mode,
                side,
                shortestEdge,
                pre.flag("do_rescale", true) ? pre.positiveNumber("rescale_factor", 1 / 255.0) : 1,
                normalise ? perChannel(pre, "image_mean", CLIP_MEAN, false) : List.of(0f, 0f, 0f),
                normalise ? perChannel(pre, "image_std", CLIP_STD, true) : List.of(1f, 1f, 1f),
                pinpoints,
                merge);
    }

    /** An edge, as in CLIP's own files, or an object. */
    private static Resolution cropSize(Fields pre, int side) {
        if (!pre.has("crop_size") || pre.node("crop_size").orElseThrow().isNumber()) {
            int edge = pre.positive("crop_size", side);
            return new Resolution(edge, edge);
        }
        return resolution(pre.fields("crop_size").orElseThrow());
    }

    /** Sizes as lists of two, in the order given by {@code heightFirst}. */
    static List<Resolution> pinpoints(Fields fields, String field, boolean heightFirst, int side) {
        List<Resolution> sizes = new ArrayList<>();
        for (var item : fields.list(field)) {
            if (!item.isArray()
                    || item.size() != 2
                    || !item.get(0).canConvertToInt()
                    || !item.get(1).canConvertToInt()
                    || !item.get(0).isIntegralNumber()
                    || !item.get(1).isIntegralNumber()) {
                throw fields.error(
                        field, "must be a list of [" + (heightFirst ? "height, width" : "width, height") + "]");
            }
            int first = item.get(0).intValue();
            int second = item.get(1).intValue();
            sizes.add(heightFirst ? new Resolution(first, second) : new Resolution(second, first));
        }
        return checked(fields, field, sizes, side);
    }

    static List<Resolution> checked(Fields fields, String field, List<Resolution> sizes, int side) {
        if (sizes.isEmpty()) {
            throw fields.error(field, "must hold at least one size");
        }
        for (Resolution size : sizes) {
            if (size.height() < side || size.height() % side != 0 || size.width() < side || size.width() % side != 0) {
                throw fields.error(
                        field,
                        size.height() + " x " + size.width() + " is not a multiple of a tile of " + side + " x "
                                + side);
            }
        }
        return sizes;
    }

    /**
     * {@code size} is an edge, {@code {shortest_edge}}, or {@code {height, width}}, which stretches an image to that
     * shape.
     */
    private static int shortestEdge(Fields pre, Mode mode, int side) {
        if (!pre.has("size")) {
            return side;
        }
        if (pre.node("size").orElseThrow().isNumber()) {
            return edge(pre, "size", pre.positive("size", side), mode, side);
        }
        Fields size = pre.fields("size").orElseThrow();
        if (size.has("shortest_edge")) {
            return edge(size, "shortest_edge", size.positive("shortest_edge", side), mode, side);
        }
        Resolution exact = resolution(size);
        if (exact.height() != exact.width()) {
            throw size.error("width", "must equal height " + exact.height() + ", is " + exact.width());
        }
        if (mode == Mode.CROP && exact.height() != side) {
            throw size.error("height", exact.height() + " differs from crop_size " + side);
        }
        return edge(size, "height", exact.height(), mode, side);
    }

    private static boolean isExact(Fields pre) {
        return pre.has("size")
                && pre.node("size").orElseThrow().isObject()
                && !pre.fields("size").orElseThrow().has("shortest_edge");
    }

    /** Whether resizing alone gives a square of that side, so that a crop would change nothing. */
    private static boolean alreadySquare(Fields pre, Mode mode, int shortestEdge, int side) {
        return shortestEdge == side
                && switch (mode) {
                    case CROP -> isExact(pre);
                    case STRETCH, PAD, ANY_RESOLUTION -> true;
                };
    }

    private static int edge(Fields fields, String field, int edge, Mode mode, int side) {
        if (edge < side) {
            throw fields.error(field, edge + " is smaller than crop_size " + side);
        }
        if (mode == Mode.ANY_RESOLUTION && edge != side) {
            throw fields.error(
                    field, edge + " differs from crop_size " + side + ", which any-resolution tiles need equal");
        }
        return edge;
    }

    private static Resolution resolution(Fields size) {
        for (String field : List.of("height", "width")) {
            if (!size.has(field)) {
                throw size.error(field, "missing");
            }
        }
        return new Resolution(size.positive("height", 0), size.positive("width", 0));
    }

    private static List<Float> perChannel(Fields pre, String field, List<Double> byDefault, boolean nonZero) {
        List<Double> values = pre.has(field) ? pre.numbers(field) : byDefault;
        if (values.size() != 3) {
            throw pre.error(field, "must hold 3 numbers, holds " + values.size());
        }
        if (nonZero && values.stream().anyMatch(value -> value.floatValue() == 0)) {
            throw pre.error(field, "must not hold 0");
        }
        return values.stream().map(Double::floatValue).toList();
    }
}
