package org.llavacluster.training.run;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.training.LearningModel;
import org.llavacluster.engine.training.LearningPlan;
import org.llavacluster.engine.training.LearningState;
import org.llavacluster.engine.training.StateTensors;
import org.llavacluster.engine.training.TrainingBackend;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.LearnedFolder;
import org.llavacluster.model.checkpoint.NewFolder;
import org.llavacluster.model.checkpoint.ShardedFolder;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.checkpoint.TensorNaming;
import org.llavacluster.model.checkpoint.WrittenTensor;
import org.llavacluster.model.vision.ClipProgram;
import org.llavacluster.model.vision.ClipTextConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.modelio.config.VisionConfig.Activation;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.training.data.ConversationFile;
import org.llavacluster.training.data.ImageFolder;
import org.llavacluster.training.data.RefusedRecord;
import org.llavacluster.training.data.TrainingDataException;
import org.llavacluster.training.data.UnusableRecordException;
import org.llavacluster.training.foundation.FirstWeights;
import org.llavacluster.training.optimiser.CosineSchedule;
import org.llavacluster.training.optimiser.GradientClipping;
import org.llavacluster.training.optimiser.WeightDecay;
import org.llavacluster.training.scenes.ImageAnnotations;

/**
 * Trains the vision tower of a LLaVA as CLIP, together with a text tower: each image of a batch has to find its caption
 * among those of the batch, and each caption its image. The result is the LLaVA with the tower that has learned, and
 * the whole CLIP in a folder of its own beside it. A run that was stopped continues as {@link FineTuning} does.
 */
public final class ContrastiveTraining {

    /** Which CLIP starts with: the logarithm of 1 / 0.07. */
    private static final float FIRST_LOGIT_SCALE = 2.6592f;

    private static final String CLASS_ROW = "vision.embeddings.class_embedding";
    private static final String CLIP_FOLDER = "clip";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ModelFolder folder;
    private final TrainingBackend backend;
    private final ContrastiveSettings settings;
    private final FineTuningListener listener;
    private final VisionConfig vision;

    public ContrastiveTraining(
            ModelFolder folder, TrainingBackend backend, ContrastiveSettings settings, FineTuningListener listener) {
        this.folder = folder;
        this.backend = backend;
        this.settings = settings;
        this.listener = listener;
        this.vision = folder.config().vision();
    }

    /**
     * Runs the training, or what is left of it.
     *
     * @param captions a file in COCO's format
     * @param images the folder that its images are in
     * @param out absent, empty, or of the same run
     * @param saveEvery updates between checkpoints
     * @throws TrainingDataException if the data cannot be used, or {@code out} holds something else
     * @throws DivergedException if the loss is no longer a number; the last checkpoint stays
     */
    public void run(Path captions, Path images, Path out, int saveEvery) throws IOException {
        RunFolder run = new RunFolder(out);
        try (Tokenizer tokenizer = Tokenizer.load(folder);
                StoredTensors stored = StoredTensors.ofFolder(folder.folder(), "")) {
            run.open(identity(captions));
            ClipTextConfig text = text(tokenizer);
            Program program = ClipProgram.contrastive(vision, text, vision.hiddenSize());
            Pairs pairs = new Pairs(captions, images, text, tokenizer);
            LearningPlan plan = LearningPlan.of(program, ClipProgram.SIMILARITIES, _ -> true);
            try (LearningModel model = backend.learn(plan, firstWeights(program, stored))) {
                int perEpoch = pairs.count() / settings.batch();
                int updates = (int) Math.min(settings.maxUpdates(), (long) settings.epochs() * perEpoch);
                new UpdateLoop(run, saveEvery, listener)
                        .run(
                                model,
                                updateSettings(updates),
                                updates,
                                done -> listener.starting(pairs.count(), pairs.refused(), done, updates),
                                update -> List.of(pairs.batch(update / perEpoch, update % perEpoch)));
                try (StateTensors weights = model.read(LearningState.WEIGHT)) {
                    writeClip(out.resolve(CLIP_FOLDER), model, weights, text);
                    run.publish(partial ->
                            new LearnedFolder(folder.folder()).writeInto(partial, name -> learned(weights, name)));
                }
            }
        }
    }

    private ClipTextConfig text(Tokenizer tokenizer) {
        int end = tokenizer.size() - 1;
        return new ClipTextConfig(
                tokenizer.size(),
                vision.hiddenSize(),
                4 * vision.hiddenSize(),
                settings.textLayers(),
                vision.heads(),
                settings.positions(),
                end,
                1e-5f,
                Activation.QUICK_GELU);
    }

    private UpdateSettings updateSettings(int updates) {
        CosineSchedule schedule = CosineSchedule.withWarmup(settings.rate(), updates, settings.warmupRatio());
        return new UpdateSettings(
                _ -> schedule,
                new WeightDecay(settings.decay(), Set.of(ClipProgram.LOGIT_SCALE, CLASS_ROW)),
                new GradientClipping(settings.maxNorm()),
                0.9,
                0.98,
                1e-6);
    }

    /** The folder's weights where it has them; others start anew. */
    private Weights firstWeights(Program program, StoredTensors stored) {
        SplittableRandom random = new SplittableRandom(settings.seed());
        Map<String, Weights.Weight> first = new TreeMap<>();
        program.weights().forEach(weight -> first.put(weight.name(), first(weight, stored, random)));
        return first::get;
    }

    private static Weights.Weight first(Op.Weight weight, StoredTensors stored, SplittableRandom random) {
        long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
        if (weight.name().startsWith("vision.")) {
            for (TensorNaming naming : TensorNaming.values()) {
                Optional<StoredTensor> found = stored.find(naming.write(weight.name(), false));
                if (found.isPresent()) {
                    DType type = DType.valueOf(found.get().dtype());
                    return new Weights.Weight(
                            weight.name(), type, shape, found.get().bytes());
                }
            }
        }
        float[] values = weight.name().equals(ClipProgram.LOGIT_SCALE)
                ? new float[] {FIRST_LOGIT_SCALE}
                : FirstWeights.of(weight, random);
        return new Weights.Weight(
                weight.name(),
                DType.F32,
                shape,
                HostTensor.ofFloats(values, shape).bytes());
    }

    private static Optional<float[]> learned(StateTensors weights, String weight) {
        return weight.startsWith("vision.") ? weights.find(weight).map(HostTensor::toFloats) : Optional.empty();
    }

    /** The whole CLIP as Hugging Face has it. */
    private void writeClip(Path clip, LearningModel model, StateTensors weights, ClipTextConfig text)
            throws IOException {
        NewFolder made = new NewFolder(clip);
        made.discard();
        made.write(partial -> {
            List<WrittenTensor> tensors = new ArrayList<>();
            for (String weight : model.trained()) {
                boolean isScale = weight.equals(ClipProgram.LOGIT_SCALE);
                List<Long> shape = new ArrayList<>();
                for (long size : isScale ? new long[0] : model.shape(weight)) {
                    shape.add(size);
                }
                String name =
                        weight.startsWith("vision.") ? "vision_model." + weight.substring("vision.".length()) : weight;
                tensors.add(
                        WrittenTensor.of(name, "F32", shape, weights.of(weight).bytes()));
            }
            ShardedFolder.of(Map.of("model.safetensors", tensors)).writeInto(partial, written -> {});
            for (String file : List.of("tokenizer.json", "tokenizer.model", "preprocessor_config.json")) {
                if (Files.exists(folder.folder().resolve(file))) {
                    Files.copy(folder.folder().resolve(file), partial.resolve(file));
                }
            }
            Files.write(
                    partial.resolve("config.json"),
                    JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(config(text)));
        });
    }

    private Map<String, Object> config(ClipTextConfig text) {
        Map<String, Object> ofText = new LinkedHashMap<>();
        ofText.put("model_type", "clip_text_model");
        ofText.put("vocab_size", text.vocabulary());
        ofText.put("hidden_size", text.hiddenSize());
        ofText.put("intermediate_size", text.intermediateSize());
        ofText.put("num_hidden_layers", text.layers());
        ofText.put("num_attention_heads", text.heads());
        ofText.put("max_position_embeddings", text.positions());
        ofText.put("projection_dim", vision.hiddenSize());
        ofText.put("hidden_act", "quick_gelu");
        ofText.put("layer_norm_eps", text.layerNormEps());
        ofText.put("bos_token_id", 1);
        ofText.put("eos_token_id", text.endId());
        ofText.put("pad_token_id", 0);
        Map<String, Object> ofVision = new LinkedHashMap<>();
        ofVision.put("model_type", "clip_vision_model");
        ofVision.put("hidden_size", vision.hiddenSize());
        ofVision.put("intermediate_size", vision.intermediateSize());
        ofVision.put("num_hidden_layers", vision.layers());
        ofVision.put("num_attention_heads", vision.heads());
        ofVision.put("image_size", vision.imageSize());
        ofVision.put("patch_size", vision.patchSize());
        ofVision.put("projection_dim", vision.hiddenSize());
        ofVision.put("hidden_act", vision.activation() == Activation.GELU ? "gelu" : "quick_gelu");
        ofVision.put("layer_norm_eps", vision.layerNormEps());
        Map<String, Object> config = new LinkedHashMap<>();
        config.put("architectures", List.of("CLIPModel"));
        config.put("model_type", "clip");
        config.put("projection_dim", vision.hiddenSize());
        config.put("logit_scale_init_value", FIRST_LOGIT_SCALE);
        config.put("torch_dtype", "float32");
        config.put("text_config", ofText);
        config.put("vision_config", ofVision);
        return config;
    }

    /** What a run must share with one that it continues. */
    private Map<String, String> identity(Path captions) {
        try (Checkpoint checkpoint = Checkpoint.open(folder)) {
            return Map.of(
                    "settings", settings.toString(),
                    "data", new ConversationFile(captions).digest(),
                    "vision", checkpoint.revision(ModelPart.VISION),
                    "kernels", backend.kernelVersion());
        }
    }

    /** The images that can be decoded, with their captions. */
    private final class Pairs {

        private final PixelStore pixels = new PixelStore(folder.config());
        private final ClipTextConfig text;
        private final Tokenizer tokenizer;
        private final List<Pair> pairs = new ArrayList<>();
        private final List<RefusedRecord> refused = new ArrayList<>();
        private int epoch = -1;
        private List<Integer> order = List.of();

        private record Pair(String name, String image, List<String> captions) {}

        Pairs(Path captions, Path images, ClipTextConfig text, Tokenizer tokenizer) {
            this.text = text;
            this.tokenizer = tokenizer;
            ImageFolder files = new ImageFolder(images);
            Map<String, List<String>> byImage = new LinkedHashMap<>();
            for (ImageAnnotations.Caption caption :
                    ImageAnnotations.read(List.of(captions)).captions()) {
                byImage.computeIfAbsent(caption.image(), _ -> new ArrayList<>()).add(caption.text());
            }
            byImage.forEach((image, texts) -> {
                try {
                    String name = pixels.prepare(files.file(image));
                    if (pixels.tiles(name) != 1) {
                        throw new UnusableRecordException("its image has several tiles, and CLIP takes one");
                    }
                    pairs.add(new Pair(image, name, texts));
                } catch (UnusableRecordException e) {
                    refused.add(new RefusedRecord(image, e.getMessage()));
                }
            });
            if (pairs.size() < settings.batch()) {
                throw new TrainingDataException(captions + ": " + pairs.size()
                        + " images with captions can be used, fewer than a batch of " + settings.batch());
            }
        }

        int count() {
            return pairs.size();
        }

        List<RefusedRecord> refused() {
            return refused;
        }

        LearningBatch batch(int ofEpoch, int number) {
            if (ofEpoch != epoch) {
                epoch = ofEpoch;
                List<Integer> shuffled = new ArrayList<>();
                for (int n = 0; n < pairs.size(); n++) {
                    shuffled.add(n);
                }
                Collections.shuffle(shuffled, new Random(settings.seed() + epoch));
                order = shuffled;
            }
            SplittableRandom random = new SplittableRandom(settings.seed() + ((long) epoch << 32) + number);
            int side = vision.imageSize();
            HostTensor all = HostTensor.heap(DType.F32, settings.batch(), vision.channels(), side, side);
            long bytes = all.bytes().byteSize() / settings.batch();
            List<int[]> captions = new ArrayList<>();
            List<String> names = new ArrayList<>();
            for (int n = 0; n < settings.batch(); n++) {
                Pair pair = pairs.get(order.get(number * settings.batch() + n));
                MemorySegment image = pixels.read(pair.image()).features().bytes();
                MemorySegment.copy(image, 0, all.bytes(), n * bytes, bytes);
                captions.add(
                        ids(pair.captions().get(random.nextInt(pair.captions().size()))));
                names.add(pair.name());
            }
            return ContrastiveBatch.of(vision, text, all, captions, names);
        }

        /** With the end id. */
        private int[] ids(String caption) {
            int[] ids = tokenizer.encode(caption);
            int[] ended = Arrays.copyOf(ids, ids.length + 1);
            ended[ids.length] = text.endId();
            return ended;
        }
    }
}
