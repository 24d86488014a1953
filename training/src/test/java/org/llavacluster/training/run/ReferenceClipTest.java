package org.llavacluster.training.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
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
import org.llavacluster.engine.training.StateTensors;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.vision.ClipProgram;
import org.llavacluster.model.vision.ClipTextConfig;
import org.llavacluster.modelio.config.VisionConfig;
import org.llavacluster.training.Goldens;
import org.llavacluster.training.optimiser.CosineSchedule;
import org.llavacluster.training.optimiser.GradientClipping;
import org.llavacluster.training.optimiser.WeightDecay;

/** Contrastive training against that of Hugging Face transformers and PyTorch's AdamW in float32. */
class ReferenceClipTest {

    private static final VisionConfig VISION =
            new VisionConfig(32, 64, 2, 2, 3, 32, 8, 1e-5f, VisionConfig.Activation.QUICK_GELU, List.of(1), false);
    private static final ClipTextConfig TEXT =
            new ClipTextConfig(64, 32, 64, 2, 2, 12, 63, 1e-5f, VisionConfig.Activation.QUICK_GELU);
    private static final Program PROGRAM = ClipProgram.contrastive(VISION, TEXT, 16);
    private static final int PAIRS = 8;

    private static final UpdateSettings SETTINGS = new UpdateSettings(
            _ -> new CosineSchedule(1e-3, Integer.MAX_VALUE, 0),
            new WeightDecay(0.2, Set.of(ClipProgram.LOGIT_SCALE, "vision.embeddings.class_embedding")),
            new GradientClipping(Double.POSITIVE_INFINITY),
            0.9,
            0.98,
            1e-6);

    @Test
    void shouldTrainBothTowersAsTheReference() {
        JsonNode golden = Goldens.json("clip/clip.json");
        LearningBatch batch = batch();
        try (TensorFlowBackend backend = new TensorFlowBackend(1);
                StoredTensors start = tensors("model")) {
            LearningPlan plan = new LearningPlan(PROGRAM, ClipProgram.SIMILARITIES, trained());
            try (LearningModel model = backend.learn(plan, weights(start))) {
                assertThat(model.trained()).hasSameSizeAs(start.all());
                TrainingRun run = new TrainingRun(model, SETTINGS);
                for (JsonNode step : golden.path("steps")) {
                    UpdateReport report = run.update(step.path("step").intValue(), List.of(batch));
                    close("loss", report.loss(), step.path("loss").doubleValue(), 1e-4);
                    close("norm", report.gradientNorm(), step.path("grad_norm").doubleValue(), 1e-3);
                    if (report.update() == 0) {
                        checkGradients(model);
                    }
                }
                checkWeights(model);
            }
        }
    }

    @Test
    void shouldComputeTheSimilaritiesOfTheReference() {
        try (TensorFlowBackend backend = new TensorFlowBackend(1);
                StoredTensors start = tensors("model");
                StoredTensors expected = tensors("first-outputs");
                LoadedModel model = backend.load(List.of(PROGRAM), weights(start), Optional.empty());
                LoadedModel.Outputs outputs = model.run(PROGRAM.name(), batch().inputs())) {
            float[] similarities = outputs.get(ClipProgram.SIMILARITIES).toFloats();
            float[] images = floats(expected, "logits_per_image");
            float[] captions = floats(expected, "logits_per_text");
            for (int i = 0; i < images.length; i++) {
                assertThat(similarities[i]).isCloseTo(images[i], within(1e-4f));
                assertThat(similarities[images.length + i]).isCloseTo(captions[i], within(1e-4f));
            }
        }
    }

    /** Of all but the keys' biases: softmax ignores a shift, so that their gradients are rounding alone. */
    private static void checkGradients(LearningModel model) {
        try (StoredTensors golden = tensors("first-gradients")) {
            for (String weight : compared(model)) {
                float[] expected = floats(golden, stored(weight));
                float[] gradient = floats(model, weight, LearningState.GRADIENT);
                double largest = 0;
                double difference = 0;
                for (int i = 0; i < expected.length; i++) {
                    largest = Math.max(largest, Math.abs(expected[i]));
                    difference = Math.max(difference, Math.abs(expected[i] - gradient[i]));
                }
                assertThat(difference).as("gradient of %s", weight).isLessThanOrEqualTo(1e-3 * largest);
            }
        }
    }

    private static void checkWeights(LearningModel model) {
        try (StoredTensors golden = tensors("final")) {
            double squares = 0;
            double differences = 0;
            for (String weight : compared(model)) {
                float[] expected = floats(golden, stored(weight));
                float[] learned = floats(model, weight, LearningState.WEIGHT);
                for (int i = 0; i < expected.length; i++) {
                    squares += (double) expected[i] * expected[i];
                    differences += Math.pow((double) expected[i] - learned[i], 2);
                }
            }
            assertThat(Math.sqrt(differences / squares)).isLessThan(1e-4);
        }
    }

    private static List<String> compared(LearningModel model) {
        return model.trained().stream()
                .filter(name -> !name.endsWith("k_proj.bias"))
                .toList();
    }

    private static LearningBatch batch() {
        try (StoredTensors golden = tensors("batch")) {
            StoredTensor pixels = golden.find("pixel_values").orElseThrow();
            long[] ids = golden.find("input_ids").orElseThrow().bytes().toArray(ValueLayout.JAVA_LONG);
            List<int[]> captions = new ArrayList<>();
            for (int n = 0; n < PAIRS; n++) {
                int[] row = Arrays.stream(ids, n * TEXT.positions(), (n + 1) * TEXT.positions())
                        .mapToInt(Math::toIntExact)
                        .toArray();
                int end = IntStream.range(0, row.length)
                        .filter(i -> row[i] == TEXT.endId())
                        .findFirst()
                        .orElseThrow();
                captions.add(Arrays.copyOf(row, end + 1));
            }
            HostTensor images = HostTensor.ofFloats(pixels.bytes().toArray(HostTensor.FLOAT), PAIRS, 3, 32, 32);
            List<String> records =
                    IntStream.range(0, PAIRS).mapToObj(Integer::toString).toList();
            return ContrastiveBatch.of(VISION, TEXT, images, captions, records);
        }
    }

    private static List<String> trained() {
        return PROGRAM.ops().stream()
                .filter(Op.Weight.class::isInstance)
                .map(op -> ((Op.Weight) op).name())
                .distinct()
                .sorted()
                .toList();
    }

    private static Weights weights(StoredTensors tensors) {
        Map<String, StoredTensor> all = tensors.byName();
        return name -> {
            StoredTensor tensor = all.get(stored(name));
            long[] shape = name.equals(ClipProgram.LOGIT_SCALE)
                    ? new long[] {1}
                    : tensor.shape().stream().mapToLong(Long::longValue).toArray();
            return new Weights.Weight(name, DType.F32, shape, tensor.bytes());
        };
    }

    private static String stored(String weight) {
        return weight.startsWith("vision.") ? "vision_model." + weight.substring("vision.".length()) : weight;
    }

    private static float[] floats(StoredTensors tensors, String name) {
        return tensors.find(name).orElseThrow().bytes().toArray(HostTensor.FLOAT);
    }

    private static float[] floats(LearningModel model, String weight, LearningState state) {
        try (StateTensors tensors = model.read(state)) {
            return tensors.of(weight).toFloats();
        }
    }

    private static StoredTensors tensors(String name) {
        return StoredTensors.ofFile(Goldens.path("clip/" + name + ".safetensors"));
    }

    private static void close(String what, double value, double expected, double tolerance) {
        assertThat(value).as(what).isCloseTo(expected, within(Math.abs(expected) * tolerance));
    }
}
