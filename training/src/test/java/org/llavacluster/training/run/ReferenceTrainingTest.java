package org.llavacluster.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.tensorflow.TensorFlowBackend;
import org.llavacluster.engine.training.LearningModel;
import org.llavacluster.engine.training.LearningPlan;
import org.llavacluster.engine.training.LearningState;
import org.llavacluster.engine.training.LowRankAdapter;
import org.llavacluster.engine.training.StateTensors;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.TrainingPrograms;
import org.llavacluster.model.checkpoint.Checkpoint;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.checkpoint.TensorNaming;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.image.DecodedImage;
import org.llavacluster.model.image.ImagePreprocessor;
import org.llavacluster.model.vision.VisionModel;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.training.Goldens;
import org.llavacluster.training.data.TokenSample;
import org.llavacluster.training.optimiser.CosineSchedule;
import org.llavacluster.training.optimiser.GradientClipping;
import org.llavacluster.training.optimiser.WeightDecay;

/** Whole runs against those of Hugging Face transformers and PyTorch's AdamW in float32. */
class ReferenceTrainingTest {

    private static final ModelFolder MODEL = Goldens.model("llava-1.5-tiny");
    private static final Program PROGRAM = TrainingPrograms.ofInstructions(MODEL.config());
    private static final int BATCH = 4;
    private static final Predicate<String> PROJECTOR = name -> name.startsWith("projector.");

    private static final TensorFlowBackend BACKEND = new TensorFlowBackend(1);
    private static final Map<String, LearningSample.ImageFeatures> IMAGES = new HashMap<>();
    private static Checkpoint checkpoint;

    @BeforeAll
    static void encodeTheImages() throws IOException {
        checkpoint = Checkpoint.open(MODEL);
        ImagePreprocessor preprocessor = new ImagePreprocessor(MODEL.config().image(), Preprocess.REFERENCE);
        ImageLayouts layouts = new ImageLayouts(MODEL.config());
        int side = MODEL.config().image().side();
        try (VisionModel vision = VisionModel.load(BACKEND, MODEL.config(), checkpoint)) {
            for (int n = 0; n < 12; n++) {
                String name = "%02d.png".formatted(n);
                DecodedImage image = preprocessor.read(Files.readAllBytes(Goldens.path("training/images/" + name)));
                ImageLayout layout = layouts.of(image.width(), image.height());
                try (HostTensor pixels = BACKEND.allocate(DType.F32, layout.tiles(), 3, side, side)) {
                    preprocessor.write(image, layout, pixels.bytes());
                    try (LoadedModel.Outputs outputs = vision.encode(pixels)) {
                        HostTensor features = outputs.get(VisionProgram.FEATURES);
                        IMAGES.put(
                                name,
                                new LearningSample.ImageFeatures(
                                        HostTensor.ofFloats(features.toFloats(), features.shape()), layout.rowOrder()));
                    }
                }
            }
        }
    }

    @AfterAll
    static void close() {
        checkpoint.close();
        BACKEND.close();
    }

    @Test
    void shouldTrainTheProjectorAsTheReference() {
        check("stage1", trained(PROJECTOR), Map.of(), true);
    }

    @Test
    void shouldTrainProjectorAndDecoderAsTheReference() {
        check("stage2", trained(_ -> true), Map.of(), true);
    }

    @Test
    void shouldDecayWeightsAndClipGradientsAsTheReference() {
        check("weight-decay", trained(_ -> true), Map.of(), false);
    }

    @Test
    void shouldTrainAdaptersOfLowRankAsTheReference() {
        Map<String, LowRankAdapter> adapters = new HashMap<>();
        trained(name -> name.contains("_proj.weight")).forEach(name -> adapters.put(name, new LowRankAdapter(4, 2)));
        check("lora", trained(PROJECTOR), adapters, true);
    }

    private static void check(
            String name, List<String> trained, Map<String, LowRankAdapter> adapters, boolean withGradients) {
        JsonNode golden = Goldens.json("training/" + name + ".json");
        JsonNode settings = golden.path("settings");
        int batches = settings.path("gradient_accumulation").intValue();
        List<LearningSample> samples = Goldens.items(golden.path("samples")).stream()
                .map(ReferenceTrainingTest::sample)
                .toList();
        LearningPlan plan = new LearningPlan(PROGRAM, DecoderProgram.LOGITS, trained, adapters);
        try (LearningModel model = BACKEND.learn(plan, weights(adapters))) {
            checkLosses(golden, "loss_before", model, samples);
            TrainingRun run = new TrainingRun(model, settings(settings));
            int cursor = 0;
            for (JsonNode step : golden.path("steps")) {
                List<LearningBatch> update = new ArrayList<>();
                for (int batch = 0; batch < batches; batch++) {
                    List<LearningSample> next = new ArrayList<>();
                    for (int n = 0; n < BATCH; n++) {
                        next.add(samples.get(cursor++ % samples.size()));
                    }
                    update.add(batch(next));
                }

                UpdateReport report = run.update(step.path("step").intValue(), update);

                String where = name + ", update " + report.update();
                assertRelative(
                        where + ": loss", report.loss(), step.path("loss").doubleValue(), 1e-4);
                assertRelative(
                        where + ": norm",
                        report.gradientNorm(),
                        step.path("grad_norm").doubleValue(),
                        1e-3);
                if (report.update() == 0 && withGradients) {
                    checkGradients(name, model);
                }
            }
            checkLosses(golden, "loss_after", model, samples);
            checkWeights(name, model);
        }
    }

    private static LearningBatch batch(List<LearningSample> samples) {
        int columns = MODEL.config().projector().inputSize();
        return LearningBatch.of(samples, MODEL.config().imageTokenId(), ImageInput.features(columns));
    }

    private static void checkLosses(JsonNode golden, String field, LearningModel model, List<LearningSample> samples) {
        for (int n = 0; n < samples.size(); n++) {
            LearningBatch batch = batch(List.of(samples.get(n)));
            double sum = 0;
            for (float loss : model.losses(batch.inputs(), batch.targets())) {
                sum += loss;
            }
            assertRelative(
                    field + " of " + samples.get(n).tokens().id(),
                    sum / batch.size(),
                    golden.path("samples").get(n).path(field).doubleValue(),
                    1e-4);
        }
    }

    /** The gradients of the first update, which has the rate 0 and leaves them in place. */
    private static void checkGradients(String name, LearningModel model) {
        try (StoredTensors golden =
                StoredTensors.ofFile(Goldens.path("training/" + name + "-first-gradients.safetensors"))) {
            assertThat(golden.all()).hasSameSizeAs(model.trained());
            for (String weight : model.trained()) {
                float[] expected = floats(golden, weight);
                float[] gradient = floats(model, weight, LearningState.GRADIENT);
                double largest = 0;
                double difference = 0;
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(expected[i]));
                    difference = Math.max(difference, Math.abs(expected[i] - gradient[i]));
                }
                assertThat(difference).as("%s: gradient of %s", name, weight).isLessThanOrEqualTo(1e-3 * largest);
            }
        }
    }

    private static void checkWeights(String name, LearningModel model) {
        try (StoredTensors golden = StoredTensors.ofFile(Goldens.path("training/" + name + "-final.safetensors"))) {
            assertThat(golden.all()).hasSameSizeAs(model.trained());
            double squares = 0;
            double differences = 0;
            for (String weight : model.trained()) {
                float[] expected = floats(golden, weight);
                float[] learned = floats(model, weight, LearningState.WEIGHT);
                for (int i = 0; i < expected.length; i++) {
                    squares += (double) expected[i] * expected[i];
                    differences += Math.pow((double) expected[i] - learned[i], 2);
                }
            }
            assertThat(Math.sqrt(differences / squares)).as("%s: weights", name).isLessThan(1e-4);
        }
    }

    private static float[] floats(StoredTensors golden, String weight) {
        StoredTensor tensor = golden.find(TensorNaming.HUB.write(weight, false)).orElseThrow();
        return tensor.bytes().toArray(HostTensor.FLOAT);
    }

    private static float[] floats(LearningModel model, String weight, LearningState state) {
        try (StateTensors tensors = model.read(state)) {
            return tensors.of(weight).toFloats();
        }
    }

    private static List<String> trained(Predicate<String> wanted) {
        TreeSet<String> names = new TreeSet<>();
        for (Op op : PROGRAM.ops()) {
            if (op instanceof Op.Weight weight && wanted.test(weight.name())) {
                names.add(weight.name());
            }
        }
        return List.copyOf(names);
    }

    private static UpdateSettings settings(JsonNode settings) {
        int updates = settings.path("steps").intValue();
        JsonNode rates = settings.path("learning_rate");
        double ratio = settings.path("warmup_ratio").doubleValue();
        Function<String, CosineSchedule> schedules = rates.isArray()
                ? name -> CosineSchedule.withWarmup(
                        rates.get(name.contains(".lora_") ? 0 : 1).doubleValue(), updates, ratio)
                : _ -> CosineSchedule.withWarmup(rates.doubleValue(), updates, ratio);
        return new UpdateSettings(
                schedules,
                new WeightDecay(settings.path("weight_decay").doubleValue()),
                new GradientClipping(settings.path("max_grad_norm").doubleValue()),
                settings.path("betas").get(0).doubleValue(),
                settings.path("betas").get(1).doubleValue(),
                settings.path("eps").doubleValue());
    }

    private static LearningSample sample(JsonNode row) {
        JsonNode sample = row.path("sample");
        Optional<String> image = Optional.ofNullable(sample.path("image").textValue());
        return new LearningSample(
                new TokenSample(
                        sample.path("id").textValue(),
                        image,
                        Goldens.ints(row.path("ids")),
                        Goldens.ints(row.path("labels"))),
                image.map(IMAGES::get));
    }

    /** The checkpoint's weights of projector and decoder, and those of adapters: A from the reference, B zero. */
    private static Weights weights(Map<String, LowRankAdapter> adapters) {
        Map<String, Weights.Weight> made = new LinkedHashMap<>();
        if (!adapters.isEmpty()) {
            try (StoredTensors init = StoredTensors.ofFile(Goldens.path("training/lora-init.safetensors"))) {
                for (String adapted : adapters.keySet()) {
                    String nameOfA = LowRankAdapter.nameOfA(adapted);
                    StoredTensor stored =
                            init.find(TensorNaming.HUB.write(nameOfA, false)).orElseThrow();
                    HostTensor a = HostTensor.ofFloats(
                            stored.bytes().toArray(HostTensor.FLOAT),
                            stored.shape().stream().mapToLong(Long::longValue).toArray());
                    made.put(nameOfA, new Weights.Weight(nameOfA, DType.F32, a.shape(), a.bytes()));
                    long out =
                            checkpoint.weights(ModelPart.DECODER).get(adapted).shape()[0];
                    String nameOfB = LowRankAdapter.nameOfB(adapted);
                    HostTensor b = HostTensor.heap(DType.F32, out, a.shape()[0]);
                    made.put(nameOfB, new Weights.Weight(nameOfB, DType.F32, b.shape(), b.bytes()));
                }
            }
        }
        return name -> made.containsKey(name)
                ? made.get(name)
                : checkpoint
                        .weights(name.startsWith("projector.") ? ModelPart.PROJECTOR : ModelPart.DECODER)
                        .get(name);
    }

    private static void assertRelative(String what, double value, double expected, double tolerance) {
        assertThat(value).as(what).isCloseTo(expected, within(Math.abs(expected) * tolerance));
    }
}
