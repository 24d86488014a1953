package org.llavacluster.model.bench.folder;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.llavacluster.model.bench.LlavaShape;
import org.llavacluster.modelio.config.DecoderConfig;
import org.llavacluster.modelio.config.VisionConfig;

/** The files beside the weights, as transformers writes them for LLaVA 1.5. */
final class FolderFiles {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** The conversation format of Vicuna, which LLaVA 1.5 was trained with. */
    private static final String TEMPLATE = "{% for message in messages %}{{ message['role'].upper() + ': ' }}"
            + "{% for part in message['content'] %}{% if part['type'] == 'image' %}{{ '<image>\n' }}"
            + "{% else %}{{ part['text'] + ' ' }}{% endif %}{% endfor %}{% endfor %}"
            + "{% if add_generation_prompt %}{{ 'ASSISTANT:' }}{% endif %}";

    private FolderFiles() {}

    static void write(Path folder, LlavaShape shape) throws IOException {
        int vocabulary = shape.decoder().vocabulary();
        int image = ByteTokenizer.imageId(vocabulary);
        write(folder, "config.json", config(shape, image));
        write(folder, "generation_config.json", """
            {"bos_token_id": %d, "eos_token_id": %d, "pad_token_id": %d}
            """.formatted(
                        ByteTokenizer.BEGIN, ByteTokenizer.END, ByteTokenizer.UNKNOWN));
        write(folder, "preprocessor_config.json", preprocessor(shape.vision()));
        write(folder, "processor_config.json", """
            {"processor_class": "LlavaProcessor", "image_token": "%s", "patch_size": %d,
             "vision_feature_select_strategy": "default", "num_additional_image_tokens": 1}
            """.formatted(
                        ByteTokenizer.IMAGE, shape.vision().patchSize()));
        write(folder, "special_tokens_map.json", """
            {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<unk>"}
            """);
        write(folder, "tokenizer_config.json", """
            {"tokenizer_class": "LlamaTokenizerFast", "legacy": true, "add_bos_token": true, "add_eos_token": false,
             "bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<unk>",
             "image_token": "%s", "processor_class": "LlavaProcessor"}
            """.formatted(ByteTokenizer.IMAGE));
        write(folder, "chat_template.json", JSON.writeValueAsString(Map.of("chat_template", TEMPLATE)));
        write(folder, "tokenizer.json", JSON.writeValueAsString(ByteTokenizer.json(vocabulary)));
    }

    private static String config(LlavaShape shape, int image) {
        DecoderConfig decoder = shape.decoder();
        VisionConfig vision = shape.vision();
        return """
            {"architectures": ["LlavaForConditionalGeneration"], "model_type": "llava", "image_token_index": %d,
             "projector_hidden_act": "gelu", "vision_feature_layer": -2, "vision_feature_select_strategy": "default",
             "tie_word_embeddings": false, "torch_dtype": "bfloat16",
             "text_config": {"model_type": "llama", "vocab_size": %d, "hidden_size": %d, "intermediate_size": %d,
              "num_hidden_layers": %d, "num_attention_heads": %d, "num_key_value_heads": %d,
              "max_position_embeddings": %d, "rms_norm_eps": %s, "rope_theta": 10000.0},
             "vision_config": {"model_type": "clip_vision_model", "hidden_size": %d, "intermediate_size": %d,
              "num_hidden_layers": %d, "num_attention_heads": %d, "image_size": %d, "patch_size": %d,
              "hidden_act": "quick_gelu", "layer_norm_eps": %s}}
            """.formatted(
                        image,
                        decoder.vocabulary(),
                        decoder.hiddenSize(),
                        decoder.intermediateSize(),
                        decoder.layers(),
                        decoder.heads(),
                        decoder.kvHeads(),
                        decoder.positions(),
                        decoder.rmsNormEps(),
                        vision.hiddenSize(),
                        vision.intermediateSize(),
                        vision.layers(),
                        vision.heads(),
                        vision.imageSize(),
                        vision.patchSize(),
                        vision.layerNormEps());
    }

    private static String preprocessor(VisionConfig vision) {
        return """
            {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": {"shortest_edge": %1$d},
             "resample": 3, "do_center_crop": true, "crop_size": {"height": %1$d, "width": %1$d},
             "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true,
             "image_mean": [0.48145466, 0.4578275, 0.40821073], "image_std": [0.26862954, 0.26130258, 0.27577711],
             "do_convert_rgb": true}
            """.formatted(vision.imageSize());
    }

    private static void write(Path folder, String name, String content) throws IOException {
        Files.writeString(folder.resolve(name), content);
    }
}
