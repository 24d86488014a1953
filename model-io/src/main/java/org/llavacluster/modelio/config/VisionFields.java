package org.llavacluster.modelio.config;

import java.util.ArrayList;
import java.util.List;
import org.llavacluster.modelio.config.VisionConfig.Activation;
import org.llavacluster.modelio.json.Fields;

/** Reads a CLIP vision model. Missing fields are those of ViT-B/32, as in the class {@code CLIPVisionConfig}. */
final class VisionFields {

    private VisionFields() {}

    /** The features that LLaVA uses: indices as written, negative ones counted from the end. */
    record Selection(Fields fields, String field, List<Integer> layers, boolean keepClassRow) {}

    static VisionConfig read(Fields vision, Selection selection) {
        Unsupported.refuse(vision, "quantization_config", "interpolate_pos_encoding");
        int hiddenSize = vision.positive("hidden_size", 768);
        int heads = vision.positive("num_attention_heads", 12);
        if (hiddenSize % heads != 0) {
            throw vision.error("num_attention_heads", "must divide hidden_size " + hiddenSize + ", is " + heads);
        }
        int imageSize = vision.positive("image_size", 224);
        int patchSize = vision.positive("patch_size", 32);
        if (patchSize > imageSize) {
            throw vision.error("patch_size", "must be at most image_size " + imageSize + ", is " + patchSize);
        }
        int channels = vision.positive("num_channels", 3);
        if (channels != 3) {
            throw vision.error("num_channels", "must be 3, is " + channels);
        }
        int layers = vision.positive("num_hidden_layers", 12);
        String activation = Unsupported.oneOf(vision, "hidden_act", "quick_gelu", List.of("quick_gelu", "gelu"));
        return new VisionConfig(
                hiddenSize,
                vision.positive("intermediate_size", 3072),
                layers,
                heads,
                channels,
                imageSize,
                patchSize,
                (float) vision.positiveNumber("layer_norm_eps", 1e-5),
                activation.equals("gelu") ? Activation.GELU : Activation.QUICK_GELU,
                featureLayers(selection, layers),
                selection.keepClassRow());
    }

    /** Non-negative indices into the {@code layers + 1} hidden states. */
    private static List<Integer> featureLayers(Selection selection, int layers) {
        if (selection.layers().isEmpty()) {
            throw selection.fields().error(selection.field(), "must name at least one layer");
        }
        List<Integer> indices = new ArrayList<>();
        for (int layer : selection.layers()) {
            int index = layer < 0 ? layers + 1 + layer : layer;
            if (index < 0 || index > layers) {
                throw selection
                        .fields()
                        .error(
                                selection.field(),
                                layer + " is out of range: the vision model has " + (layers + 1) + " hidden states");
            }
            indices.add(index);
        }
        return indices;
    }
}
