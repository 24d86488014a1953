package org.llavacluster.modelio.config;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.llavacluster.modelio.config.ImageConfig.Merge;
import org.llavacluster.modelio.config.ImageConfig.Mode;
import org.llavacluster.modelio.config.ImageConfig.Resolution;
import org.llavacluster.modelio.config.ModelConfig.Layout;
import org.llavacluster.modelio.config.ProjectorConfig.Kind;
import org.llavacluster.modelio.json.Fields;

/** Folders of Hugging Face's {@code LlavaForConditionalGeneration} and {@code LlavaNextForConditionalGeneration}. */
final class HuggingFaceLayout {

    private static final int[][] DEFAULT_PINPOINTS = {{336, 672}, {672, 336}, {672, 672}, {1008, 336}, {336, 1008}};

    private HuggingFaceLayout() {}

    static ModelConfig read(Path folder, Fields config) {
        if (!config.has("model_type")) {
            throw config.error("model_type", "missing");
        }
        String family = Unsupported.oneOf(config, "model_type", "", List.of("llava", "llava_next"));
        Unsupported.refuse(config, "quantization_config", "interpolate_pos_encoding");
        Unsupported.oneOf(config, "projector_hidden_act", "gelu", List.of("gelu"));
        VisionConfig vision = vision(config);
        DecoderConfig decoder = decoder(folder, config, family);
        ProjectorConfig projector = new ProjectorConfig(
                Kind.MLP2X_GELU,
                vision.features(),
                decoder.hiddenSize(),
                config.flag("multimodal_projector_bias", true));
        return new ModelConfig(
                ModelFolder.nameOf(folder),
                Layout.HUGGING_FACE,
                family,
                vision,
                projector,
                decoder,
                image(folder, config, family.equals("llava_next"), vision.imageSize()),
                imageTokenId(config, decoder.vocabulary()));
    }

    private static VisionConfig vision(Fields config) {
        Fields vision = config.fields("vision_config")
                .orElseGet(() -> new Fields(config.file(), "vision_config.", clipLarge336()));
        Unsupported.oneOf(vision, "model_type", "clip_vision_model", List.of("clip_vision_model"));
        String strategy =
                Unsupported.oneOf(config, "vision_feature_select_strategy", "default", List.of("default", "full"));
        List<Integer> layers =
                config.has("vision_feature_layer") ? config.integers("vision_feature_layer") : List.of(-2);
        return VisionFields.read(
                vision, new VisionFields.Selection(config, "vision_feature_layer", layers, strategy.equals("full")));
    }

    /**
     * The default of the class for a missing {@code vision_config}, which is LLaVA 1.5's tower and not the defaults of
     * that object.
     */
    private static ObjectNode clipLarge336() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("hidden_size", 1024)
                .put("intermediate_size", 4096)
                .put("num_hidden_layers", 24)
                .put("num_attention_heads", 16)
                .put("image_size", 336)
                .put("patch_size", 14);
    }

    private static DecoderConfig decoder(Path folder, Fields config, String family) {
        Fields text = config.fields("text_config")
                .orElseGet(() -> new Fields(config.file(), "text_config.", JsonNodeFactory.instance.objectNode()));
        String type = Unsupported.oneOf(text, "model_type", "llama", List.of("llama", "mistral"));
        return DecoderFields.read(
                folder,
                config,
                text,
                type.equals("mistral") ? DecoderFields.Family.MISTRAL : DecoderFields.Family.LLAMA,
                tiedEmbeddings(config, text, family));
    }

    /**
     * The class of {@code llava} also reads the text model's field; that of {@code llava_next} only the outermost
     * object's.
     */
    private static boolean tiedEmbeddings(Fields config, Fields text, String family) {
        String field = "tie_word_embeddings";
        return config.flag(field, false) || family.equals("llava") && text.flag(field, false);
    }

    private static ImageConfig image(Path folder, Fields config, boolean next, int side) {
        Fields pre = ImageFields.find(folder);
        String field = pre.has("image_processor_type") ? "image_processor_type" : "feature_extractor_type";
        String type = pre.text(field).orElse(next ? "LlavaNextImageProcessor" : "CLIPImageProcessor");
        String plain = type.replaceFirst("(Fast|Pil)$", "");
        if (next) {
            if (!plain.equals("LlavaNextImageProcessor")) {
                throw pre.error(field, "\"" + type + "\" is not supported for llava_next");
            }
            return ImageFields.read(pre, Mode.ANY_RESOLUTION, side, pinpoints(config, pre, side), Merge.SPATIAL_UNPAD);
        }
        return switch (plain) {
            case "CLIPImageProcessor", "CLIPFeatureExtractor" ->
                ImageFields.read(pre, Mode.CROP, side, List.of(), Merge.FLAT);
            case "LlavaImageProcessor" ->
                ImageFields.read(pre, pre.flag("do_pad", false) ? Mode.PAD : Mode.CROP, side, List.of(), Merge.FLAT);
            default -> throw pre.error(field, "\"" + type + "\" is not supported for llava");
        };
    }

    /**
     * The grid in config.json determines how tiles are merged, and that of the image processor how they are cut. Both
     * must be equal.
     */
    private static List<Resolution> pinpoints(Fields config, Fields pre, int side) {
        String field = "image_grid_pinpoints";
        if (!config.has(field) && !pre.has(field)) {
            return ImageFields.checked(
                    config,
                    field,
                    Arrays.stream(DEFAULT_PINPOINTS)
                            .map(size -> new Resolution(size[0], size[1]))
                            .toList(),
                    side);
        }
        List<Resolution> grid = ImageFields.pinpoints(config.has(field) ? config : pre, field, true, side);
        if (pre.has(field) && !ImageFields.pinpoints(pre, field, true, side).equals(grid)) {
            throw pre.error(field, "differs from " + config.file() + ": " + field);
        }
        return grid;
    }

    private static int imageTokenId(Fields config, int vocabulary) {
        String field = config.has("image_token_index") ? "image_token_index" : "image_token_id";
        int id = config.integer(field).orElse(32000);
        if (config.integer("image_token_id").orElse(id) != id) {
            throw config.error("image_token_id", "differs from image_token_index " + id);
        }
        if (id < 0 || id >= vocabulary) {
            throw config.error(field, "must be from 0 to " + (vocabulary - 1) + ", is " + id);
        }
        return id;
    }
}
