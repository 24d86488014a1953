package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
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
import org.llavacluster.engine.reference.ReferenceBackend;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.model.fixture.ModelPipeline;
import org.llavacluster.model.projector.ProjectorModel;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.text.config.ModelFolder;

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
