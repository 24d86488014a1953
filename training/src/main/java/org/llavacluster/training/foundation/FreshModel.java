package org.llavacluster.training.foundation;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.model.TrainingPrograms;
import org.llavacluster.model.checkpoint.NewFolder;
import org.llavacluster.model.checkpoint.ShardedFolder;
import org.llavacluster.model.checkpoint.TensorNaming;
import org.llavacluster.model.checkpoint.TorchType;
import org.llavacluster.model.checkpoint.WrittenTensor;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.training.data.ConversationFile;
import org.llavacluster.training.data.ConversationRecord;
import org.llavacluster.training.data.ConversationTurn;
import org.llavacluster.training.data.TrainingTemplate;

/**
 * A LLaVA that has learned nothing yet: a folder in Hugging Face's layout with a tokenizer of the texts that it will
 * learn from, and random weights. Equal texts, shapes and seeds give equal bytes.
 */
public final class FreshModel {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelShape shape;
    private final DType stored;
    private final long seed;

    /**
     * @param stored type of the weights in the file
     */
    public FreshModel(ModelShape shape, DType stored, long seed) {
        this.shape = shape;
        this.stored = stored;
        this.seed = seed;
    }

    /**
     * Writes the folder.
     *
     * @param texts files of conversations
     * @param out absent or empty
     * @throws org.llavacluster.training.data.TrainingDataException if a file is not one of conversations
     */
    public void write(List<Path> texts, Path out) throws IOException {
        FreshTokenizer tokenizer = tokenizer(texts);
        new NewFolder(out).write(folder -> {
            write(folder, "tokenizer.json", tokenizer.json());
            write(folder, "tokenizer_config.json", tokenizerConfig());
            write(folder, "special_tokens_map.json", specialTokens());
            write(folder, "chat_template.json", Map.of("chat_template", TrainingTemplate.V1_AS_CHAT_TEMPLATE));
            write(folder, "preprocessor_config.json", preprocessor());
            write(folder, "processor_config.json", processor());
            write(folder, "config.json", config(tokenizer));
            write(folder, "generation_config.json", Map.of("bos_token_id", 1, "eos_token_id", 2));
            writeWeights(folder);
        });
    }

    private FreshTokenizer tokenizer(List<Path> texts) {
        BytePairTrainer trainer = new BytePairTrainer();
        trainer.add(TrainingTemplate.V1_WORDS);
        for (Path file : texts) {
            new ConversationFile(file).read(one -> add(trainer, one), refused -> {});
        }
        return new FreshTokenizer(trainer.learn(shape.vocabulary() - ModelShape.FIXED_TOKENS));
    }

    private static void add(BytePairTrainer trainer, ConversationRecord conversation) {
        for (ConversationTurn turn : conversation.turns()) {
            trainer.add(turn.text().replace(ConversationRecord.IMAGE_TAG, ""));
        }
    }

    private void writeWeights(Path folder) throws IOException {
        ModelConfig config = ModelFolder.open(folder, Optional.empty()).config();
        Map<String, Op.Weight> weights = new TreeMap<>();
        for (Program program :
                List.of(TrainingPrograms.ofInstructions(config), TrainingPrograms.ofWholeTower(config.vision()))) {
            program.weights().forEach(weight -> weights.put(weight.name(), weight));
        }
        RandomGenerator random = new SplittableRandom(seed);
        List<WrittenTensor> tensors = new ArrayList<>();
        weights.values().forEach(weight -> tensors.add(tensor(weight, random)));
        ShardedFolder.of(Map.of("model.safetensors", tensors)).writeInto(folder, written -> {});
    }

    private WrittenTensor tensor(Op.Weight weight, RandomGenerator random) {
        float[] values = FirstWeights.of(weight, random);
        MemorySegment bytes = MemorySegment.ofArray(new byte[values.length * stored.bytes()]);
        FloatConversion.convert(DType.F32, MemorySegment.ofArray(values), stored, bytes);
        return WrittenTensor.of(TensorNaming.HUB.write(weight.name(), false), stored.name(), weight.shape(), bytes);
    }

    private Map<String, Object> config(FreshTokenizer tokenizer) {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("LlavaForConditionalGeneration"));
        config.put("model_type", "llava");
        config.put("ignore_index", -100);
        config.put("image_token_index", tokenizer.imageId());
        config.put("pad_token_id", tokenizer.padId());
        config.put("projector_hidden_act", "gelu");
        config.put("vision_feature_layer", shape.featureLayer());
        config.put("vision_feature_select_strategy", "default");
        config.put("tie_word_embeddings", false);
        String type = TorchType.name(stored);
        config.put("torch_dtype", type);
        config.put("text_config", textConfig(tokenizer, type));
        config.put("vision_config", visionConfig());
        return config;
    }

    private Map<String, Object> textConfig(FreshTokenizer tokenizer, String type) {
        Map<String, Object> text = new LinkedHashMap<>();
        text.put("model_type", "llama");
        text.put("torch_dtype", type);
        text.put("hidden_size", shape.width());
        text.put("intermediate_size", shape.intermediate());
        text.put("num_hidden_layers", shape.layers());
        text.put("num_attention_heads", shape.heads());
        text.put("num_key_value_heads", shape.heads());
        text.put("max_position_embeddings", shape.positions());
        text.put("rms_norm_eps", 1e-5);
        text.put("vocab_size", tokenizer.size());
        return text;
    }

    private Map<String, Object> visionConfig() {
        Map<String, Object> vision = new LinkedHashMap<>();
        vision.put("model_type", "clip_vision_model");
        vision.put("hidden_size", shape.visionWidth());
        vision.put("intermediate_size", 4 * shape.visionWidth());
        vision.put("num_hidden_layers", shape.visionLayers());
        vision.put("num_attention_heads", shape.visionHeads());
        vision.put("image_size", shape.imageSide());
        vision.put("patch_size", shape.patch());
        vision.put("projection_dim", shape.visionWidth());
        vision.put("hidden_act", "quick_gelu");
        vision.put("layer_norm_eps", 1e-5);
        return vision;
    }

    /** Images of any shape become squares as a whole: a crop would cut things off at the sides. */
    private Map<String, Object> preprocessor() {
        Map<String, Object> side = Map.of("height", shape.imageSide(), "width", shape.imageSide());
        Map<String, Object> pre = new LinkedHashMap<>();
        pre.put("image_processor_type", "CLIPImageProcessor");
        pre.put("do_resize", true);
        pre.put("size", side);
        pre.put("resample", 3);
        pre.put("do_center_crop", true);
        pre.put("crop_size", side);
        pre.put("do_rescale", true);
        pre.put("rescale_factor", 1 / 255.0);
        pre.put("do_normalize", true);
        pre.put("image_mean", List.of(0.48145466, 0.4578275, 0.40821073));
        pre.put("image_std", List.of(0.26862954, 0.26130258, 0.27577711));
        pre.put("do_convert_rgb", true);
        return pre;
    }

    private Map<String, Object> processor() {
        Map<String, Object> processor = new LinkedHashMap<>();
        processor.put("processor_class", "LlavaProcessor");
        processor.put("image_token", "<image>");
        processor.put("patch_size", shape.patch());
        processor.put("vision_feature_select_strategy", "default");
        processor.put("num_additional_image_tokens", 1);
        return processor;
    }

    private Map<String, Object> tokenizerConfig() {
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("tokenizer_class", "LlamaTokenizerFast");
        config.put("legacy", true);
        config.put("add_bos_token", true);
        config.put("add_eos_token", false);
        config.putAll(specialTokens());
        config.put("model_max_length", shape.positions());
        config.put("image_token", "<image>");
        config.put("processor_class", "LlavaProcessor");
        return config;
    }

    private static Map<String, Object> specialTokens() {
        Map<String, Object> tokens = new LinkedHashMap<>();
        tokens.put("bos_token", "<s>");
        tokens.put("eos_token", "</s>");
        tokens.put("unk_token", "<unk>");
        tokens.put("pad_token", "<pad>");
        return tokens;
    }

    private static void write(Path folder, String name, Map<String, Object> content) throws IOException {
        Files.write(folder.resolve(name), JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    }
}
