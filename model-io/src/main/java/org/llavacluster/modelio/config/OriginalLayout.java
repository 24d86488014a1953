package org.llavacluster.modelio.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.config.ModelConfig.Layout;
import org.llavacluster.modelio.config.ProjectorConfig.Kind;
import org.llavacluster.modelio.json.Fields;

/**
 * Folders written by the original LLaVA code: text and {@code mm_} fields in one object, the vision tower in another
 * folder.
 */
final class OriginalLayout {

    /** Marks an image in ids of the original code; not a token. */
    private static final int IMAGE_TOKEN_ID = -200;

    private static final List<String> LLAMA = List.of("llava", "llava_llama");
    private static final List<String> KNOWN = List.of("llava", "llava_llama", "llava_mistral");
    private static final Pattern TILES = Pattern.compile("\\((\\d{1,2})x(\\d{1,2})\\)");
    private static final Pattern PAIR = Pattern.compile("[(\\[]\\s*(\\d{1,6})\\s*,\\s*(\\d{1,6})\\s*[)\\]]");

    private OriginalLayout() {}

    static boolean wrote(Fields config) {
        return !config.has("text_config")
                && !config.has("vision_config")
                && (config.has("mm_vision_tower") || config.has("mm_projector_type") || config.has("mm_hidden_size"));
    }

    static ModelConfig read(Path folder, Fields config, OriginalTower tower) {
        if (!config.has("model_type")) {
            throw config.error("model_type", "missing");
        }
        String family = Unsupported.oneOf(config, "model_type", "", KNOWN);
        Unsupported.refuse(config, "mm_use_im_start_end", "quantization_config", "s2");
        VisionConfig vision = vision(config, tower);
        DecoderConfig decoder = DecoderFields.read(
                folder,
                config,
                config,
                LLAMA.contains(family) ? DecoderFields.Family.LLAMA : DecoderFields.Family.MISTRAL,
                config.flag("tie_word_embeddings", false));
        return new ModelConfig(
                ModelFolder.nameOf(folder),
                Layout.ORIGINAL,
                family,
                vision,
                projector(config, vision, decoder),
                decoder,
                image(config, tower, vision.imageSize()),
                IMAGE_TOKEN_ID);
    }

    private static VisionConfig vision(Fields config, OriginalTower tower) {
        String feature = Unsupported.oneOf(config, "mm_vision_select_feature", "patch", List.of("patch", "cls_patch"));
        List<Integer> layers = List.of(config.integer("mm_vision_select_layer").orElse(-2));
        return VisionFields.read(
                tower.vision(),
                new VisionFields.Selection(config, "mm_vision_select_layer", layers, feature.equals("cls_patch")));
    }

    private static ProjectorConfig projector(Fields config, VisionConfig vision, DecoderConfig decoder) {
        String type = Unsupported.oneOf(config, "mm_projector_type", "linear", List.of("linear", "mlp2x_gelu"));
        int columns = config.positive("mm_hidden_size", vision.features());
        if (columns != vision.features()) {
            throw config.error(
                    "mm_hidden_size", columns + " differs from the vision tower's hidden_size " + vision.features());
        }
        return new ProjectorConfig(
                type.equals("linear") ? Kind.LINEAR : Kind.MLP2X_GELU, columns, decoder.hiddenSize(), true);
    }

    private static ImageConfig image(Fields config, OriginalTower tower, int side) {
        Fields pre = tower.preprocessor();
        String aspect = Unsupported.oneOf(config, "image_aspect_ratio", "square", List.of("square", "pad", "anyres"));
        String merge =
                Unsupported.oneOf(config, "mm_patch_merge_type", "flat", List.of("flat", "spatial", "spatial_unpad"));
        return switch (aspect) {
            case "pad" -> ImageFields.read(pre, Mode.PAD, side, List.of(), Merge.FLAT);
            case "anyres" ->
                ImageFields.read(
                        pre,
                        Mode.ANY_RESOLUTION,
                        side,
                        pinpoints(config, side),
                        switch (merge) {
                            case "spatial" -> Merge.SPATIAL;
                            case "spatial_unpad" -> Merge.SPATIAL_UNPAD;
                            default -> Merge.FLAT;
                        });
            default -> ImageFields.read(pre, Mode.CROP, side, List.of(), Merge.FLAT);
        };
    }

    /**
     * A list of [width, height], the same written as a string, or a range of tiles such as {@code "(1x1),...,(6x6)"},
     * whose first numbers count along the width.
     */
    private static List<Resolution> pinpoints(Fields config, int side) {
        String field = "image_grid_pinpoints";
        if (!config.has(field) || !config.node(field).orElseThrow().isTextual()) {
            return ImageFields.pinpoints(config, field, false, side);
        }
        String text = config.text(field).orElseThrow();
        List<Resolution> sizes = new ArrayList<>();
        if (text.contains("x")) {
            int[] ends = null;
            Matcher tiles = TILES.matcher(text);
            while (tiles.find()) {
                int across = Integer.parseInt(tiles.group(1));
                int down = Integer.parseInt(tiles.group(2));
                ends = ends == null
                        ? new int[] {across, down, across, down}
                        : new int[] {ends[0], ends[1], across, down};
            }
            for (int across = ends == null ? 1 : ends[0]; ends != null && across <= ends[2]; across++) {
                for (int down = ends[1]; down <= ends[3]; down++) {
                    sizes.add(new Resolution(down * side, across * side));
                }
            }
        } else {
            Matcher pairs = PAIR.matcher(text);
            while (pairs.find()) {
                sizes.add(new Resolution(Integer.parseInt(pairs.group(2)), Integer.parseInt(pairs.group(1))));
            }
        }
        return ImageFields.checked(config, field, sizes, side);
    }
}
