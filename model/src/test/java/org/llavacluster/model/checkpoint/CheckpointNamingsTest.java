package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.reference.ReferenceBackend;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.ModelPipeline;
import org.llavacluster.model.projector.ProjectorModel;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.modelio.config.ModelFolder;

/** Every naming of the tensors gives the same answer, bit for bit, as the fixture's own. */
class CheckpointNamingsTest {

    private static final int[] PROMPT = {1, 375, 311};
    private static final int[] QUESTION = {311, 13, 359};

    @TempDir
    private Path folder;

    private final Fixture fixture = Fixture.open("llava-1.5-tiny");

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {"ORIGINAL", "ORIGINAL_NEXT"})
    void shouldReadHuggingFacesNamings(TensorNaming naming) {
        assertSame(new RewrittenFolder().write(folder, naming), fixture.folder());
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.INCLUDE,
            names = {"ORIGINAL", "ORIGINAL_NEXT"})
    void shouldReadTheOriginalNamings(TensorNaming naming) {
        assertSame(new RewrittenFolder().writeOriginal(folder, naming, false), fixture.folder());
    }

    @Test
    void shouldReadALinearProjectorOfTheFirstVersion() {
        Random random = new Random(3);
        HostTensor weight = HostTensor.heap(DType.F32, 64, 48);
        HostTensor bias = HostTensor.heap(DType.F32, 64);
        fill(weight, random);
        fill(bias, random);
        RewrittenFolder rewritten = new RewrittenFolder();
        rewritten.weights.keySet().removeIf(name -> name.startsWith("projector.linear_2"));
        rewritten.weights.put(
                "projector.linear_1.weight",
                new CheckpointTensor(SafetensorsWriter.UNWRITTEN, 0, "", "F32", weight.shape(), weight.bytes()));
        rewritten.weights.put(
                "projector.linear_1.bias",
                new CheckpointTensor(SafetensorsWriter.UNWRITTEN, 0, "", "F32", bias.shape(), bias.bytes()));
        ModelFolder model = rewritten.writeOriginal(folder, TensorNaming.ORIGINAL, true);

        HostTensor features = fixture.golden("scene.png/vision_features");
        try (Backend backend = new ReferenceBackend();
                Checkpoint checkpoint = Checkpoint.open(model);
                ProjectorModel projector = ProjectorModel.load(backend, model.config(), checkpoint);
                LoadedModel.Outputs outputs = projector.project(features, new int[] {5})) {
            HostTensor row = outputs.get(ProjectorProgram.EMBEDDINGS);
            for (int out = 0; out < 64; out++) {
                double expected = bias.floatAt(out);
                for (int in = 0; in < 48; in++) {
                    expected += (double) weight.floatAt(out * 48L + in) * features.floatAt(5 * 48L + in);
                }
                assertThat(row.floatAt(out)).isEqualTo((float) expected);
            }
        }
    }

    @Test
    void shouldReadHalfFloats(@TempDir Path other) {
        RewrittenFolder rewritten = new RewrittenFolder();
        rewritten.roundToHalves();
        ModelFolder halves = rewritten.write(folder, TensorNaming.HUB);
        rewritten.widenHalves();
        ModelFolder floats = rewritten.write(other, TensorNaming.HUB);
        try (Checkpoint checkpoint = Checkpoint.open(halves)) {
            assertThat(checkpoint
                            .weights(ModelPart.DECODER)
                            .get("decoder.norm.weight")
                            .dtype())
                    .isEqualTo(DType.F16);
        }
        assertThat(answer(halves)).isEqualTo(answer(floats));
    }

    @Test
    void shouldReadTheBfloat16Shards() {
        ModelFolder sharded = Fixture.open("llava-1.5-tiny-bf16-sharded").folder();
        try (Checkpoint checkpoint = Checkpoint.open(sharded)) {
            checkpoint.require(ServingPrograms.of(sharded.config()));
            var norm = checkpoint.weights(ModelPart.DECODER).get("decoder.norm.weight");
            assertThat(norm.dtype()).isEqualTo(DType.BF16);
            HostTensor floats = HostTensor.heap(DType.F32, norm.shape());
            FloatConversion.convert(DType.BF16, norm.bytes(), DType.F32, floats.bytes());
            assertThat(floats.floatAt(0)).isBetween(0.5f, 1.5f);
        }
    }

    /**
     * LLaVA 1.6 as published: CLIP's sizes are known by its name, and its weights are with the model's own. The file is
     * sparse.
     */
    @Test
    void shouldReadATowerThatIsKnownByName() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "llava_mistral", "mm_vision_tower": "openai/clip-vit-base-patch32", "mm_hidden_size": 768,
                 "mm_projector_type": "mlp2x_gelu", "vocab_size": 704, "hidden_size": 64, "intermediate_size": 96,
                 "num_hidden_layers": 1, "num_attention_heads": 4, "num_key_value_heads": 2}
                """);
        ModelFolder model = ModelFolder.open(folder, Optional.empty());
        writeHoles(model, name -> true);
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            checkpoint.require(ServingPrograms.of(model.config()));
        }

        writeHoles(model, name -> !name.startsWith("vision."));
        try (Checkpoint checkpoint = Checkpoint.open(model)) {
            checkpoint.require(List.of(DecoderProgram.decode(model.config().decoder())));
            assertThatThrownBy(() -> checkpoint.require(ServingPrograms.of(model.config())))
                    .hasMessage("model.safetensors: no vision weights: pass --vision-tower with the folder of the CLIP"
                            + " model that config.json names as mm_vision_tower");
        }
    }

    /** The weights that the programs need, as zeros that take no space on a file system with sparse files. */
    private void writeHoles(ModelFolder model, Predicate<String> kept) throws IOException {
        ObjectNode header = new ObjectMapper().createObjectNode();
        long end = 0;
        Set<Op.Weight> needed = ServingPrograms.of(model.config()).stream()
                .flatMap(program -> program.weights().stream())
                .filter(weight -> kept.test(weight.name()))
                .collect(Collectors.toSet());
        for (Op.Weight weight : needed) {
            long bytes = weight.shape().stream().reduce((long) Short.BYTES, (a, b) -> a * b);
            ObjectNode tensor = header.putObject(TensorNaming.ORIGINAL_NEXT.write(weight.name(), false))
                    .put("dtype", "F16");
            weight.shape().forEach(tensor.putArray("shape")::add);
            tensor.putArray("data_offsets").add(end).add(end += bytes);
        }
        byte[] json = header.toString().getBytes(StandardCharsets.UTF_8);
        try (RandomAccessFile file =
                new RandomAccessFile(folder.resolve("model.safetensors").toFile(), "rw")) {
            file.setLength(0);
            file.writeLong(Long.reverseBytes(json.length));
            file.write(json);
            file.setLength(Long.BYTES + json.length + end);
        }
    }

    private void assertSame(ModelFolder actual, ModelFolder expected) {
        try (Checkpoint rewritten = Checkpoint.open(actual);
                Checkpoint original = Checkpoint.open(expected)) {
            rewritten.require(ServingPrograms.of(actual.config()));
            for (ModelPart part : ModelPart.values()) {
                assertThat(HexFormat.of().parseHex(rewritten.revision(part))).hasSize(32);
                assertThat(rewritten.revision(part)).isEqualTo(original.revision(part));
            }
        }
        assertThat(answer(actual)).isEqualTo(answer(expected));
    }

    /** The logits after a short prompt with an image, from its pixels on. */
    private float[] answer(ModelFolder model) {
        try (Backend backend = new ReferenceBackend();
                Checkpoint checkpoint = Checkpoint.open(model);
                ModelPipeline pipeline = ModelPipeline.load(backend, model, checkpoint)) {
            HostTensor pixels = fixture.golden("scene.png/pixel_values", 1, 3, 84, 84);
            return pipeline.logits(PROMPT, List.of(pixels), QUESTION);
        }
    }

    private static void fill(HostTensor tensor, Random random) {
        for (long i = 0; i < tensor.size(); i++) {
            tensor.bytes().setAtIndex(HostTensor.FLOAT, i, (float) random.nextGaussian());
        }
    }
}
