package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.ModelPart;
import org.llavacluster.model.ServingPrograms;
import org.llavacluster.model.decoder.DecoderProgram;
import org.llavacluster.model.vision.VisionProgram;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;

class CheckpointTest {

    @TempDir
    private Path folder;

    private final RewrittenFolder model = new RewrittenFolder();

    @Test
    void shouldListAllFaultsAtOnceByTheFilesOwnNames() {
        model.weights.remove("decoder.norm.weight");
        model.weights.remove("projector.linear_2.bias");
        put("vision.pre_layrnorm.bias", "F32", 47);
        put("decoder.layers.1.mlp.up_proj.weight", "F32", 64, 176);
        put("decoder.layers.0.input_layernorm.weight", "I8", 64);
        put("decoder.layers.3.input_layernorm.weight", "F32", 64);
        put("decoder.layers.0.self_attn.q_proj.bias", "F32", 64);
        other("something.else", 2);
        assertRefused(
                TensorNaming.HUB,
                "model.safetensors: "
                        + "missing: language_model.model.norm.weight [64], multi_modal_projector.linear_2.bias [64]; "
                        + "misshaped: language_model.model.layers.1.mlp.up_proj.weight [64, 176] instead of [176, 64], "
                        + "vision_tower.vision_model.pre_layrnorm.bias [47] instead of [48]; "
                        + "dtype is not F32, F16 or BF16: language_model.model.layers.0.input_layernorm.weight I8; "
                        + "unexpected: something.else [2], "
                        + "language_model.model.layers.0.self_attn.q_proj.bias [64], "
                        + "language_model.model.layers.3.input_layernorm.weight [64]");
    }

    @ParameterizedTest
    @CsvSource({
        "HUB, language_model.model.norm.weight [64], language_model.lm_head.weight [704; 64]",
        "TRANSFORMERS_4, lm_head.weight [704; 64], model.language_model.norm.weight [64]",
        "TRANSFORMERS_5, lm_head.weight [704; 64], model.language_model.norm.weight [64]",
        "TRANSFORMERS_5_SAVED, language_model.model.norm.weight [64], language_model.lm_head.weight [704; 64]"
    })
    void shouldCallMissingTensorsWhatTheFolderWouldCallThem(TensorNaming naming, String one, String other) {
        model.weights.remove("decoder.norm.weight");
        model.weights.remove("decoder.lm_head.weight");
        assertThatThrownBy(() -> require(model.write(folder, naming)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(one.replace(';', ','))
                .hasMessageContaining(other.replace(';', ','));
    }

    @Test
    void shouldFindATableOfAnotherSizeThanTheVocabulary() {
        put("decoder.embed_tokens.weight", "F32", 700, 64);
        assertRefused(
                TensorNaming.HUB,
                "model.safetensors: misshaped: language_model.model.embed_tokens.weight [700, 64] instead of [704,"
                        + " 64]");
    }

    @Test
    void shouldIgnoreWhatInferenceDoesNotNeed() {
        other("language_model.model.layers.0.self_attn.rotary_emb.inv_freq", 8);
        model.others.add(SafetensorsWriter.tensor(
                "vision_tower.vision_model.embeddings.position_ids", "I64", new byte[16], 1, 2));
        other("image_newline", 64);
        model.weights.keySet().removeIf(name -> name.startsWith("vision.encoder.layers.3."));
        put("vision.encoder.layers.3.mlp.fc1.bias", "F32", 1);
        require(model.write(folder, TensorNaming.HUB));
    }

    @Test
    void shouldLookOnlyAtThePartsOfThePrograms() {
        model.weights.remove("decoder.norm.weight");
        ModelFolder written = model.write(folder, TensorNaming.HUB);
        try (Checkpoint checkpoint = Checkpoint.open(written)) {
            checkpoint.require(List.of(VisionProgram.trace(written.config().vision())));
            assertThatThrownBy(() -> checkpoint.require(
                            List.of(DecoderProgram.decode(written.config().decoder()))))
                    .isInstanceOf(ModelFormatException.class);
        }
    }

    @Test
    void shouldSayWhatToDoWithoutVisionWeights() {
        model.weights.keySet().removeIf(name -> name.startsWith("vision."));
        model.others.clear();
        assertRefused(
                TensorNaming.HUB,
                "model.safetensors: no vision weights, which this layout keeps in the model's own files: fetch"
                        + " the model"
                        + " again");
    }

    @Test
    void shouldRefuseAPickledProjectorByName() throws IOException {
        model.weights.keySet().removeIf(name -> name.startsWith("projector."));
        Files.write(folder.resolve("mm_projector.bin"), new byte[9]);
        assertRefused(
                TensorNaming.HUB,
                "model.safetensors: no projector weights, and mm_projector.bin is pickled, which is never loaded: "
                        + "save its tensors to the safetensors file");
    }

    @Test
    void shouldRefuseOneWeightUnderTwoNames() {
        other("lm_head.weight", 1);
        assertThatThrownBy(() -> Checkpoint.open(model.write(folder, TensorNaming.HUB)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("model.safetensors: ")
                .hasMessageContaining("lm_head.weight")
                .hasMessageEndingWith("are the same weight");
    }

    @ParameterizedTest
    @CsvSource({"F32, 7fc00000", "F32, ff800000", "F16, 7c00", "F16, fe01", "BF16, ff80", "BF16, 7fc0"})
    void shouldRefuseWeightsThatAreNotFinite(String dtype, String bits) {
        // An odd number of elements, so that the last ones do not fill a word.
        for (int place : new int[] {0, 6, 62}) {
            byte[] bytes = new byte[63 * bits.length() / 2];
            for (int i = 0; i < bits.length() / 2; i++) {
                int from = bits.length() - 2 * (i + 1);
                bytes[place * bits.length() / 2 + i] = (byte) Integer.parseInt(bits.substring(from, from + 2), 16);
            }
            model.weights.put("decoder.norm.weight", SafetensorsWriter.tensor("", dtype, bytes, 63));
            ModelFolder written = rewrite();
            try (Checkpoint checkpoint = Checkpoint.open(written)) {
                assertThatThrownBy(() -> checkpoint
                                .weights(ModelPart.DECODER)
                                .get("decoder.norm.weight")
                                .readFloats(0, MemorySegment.ofArray(new float[63])))
                        .isInstanceOf(ModelFormatException.class)
                        .hasMessage("model.safetensors: language_model.model.norm.weight contains NaN or infinity");
            }
        }
    }

    @Test
    void shouldChangeARevisionWithItsPartAlone() {
        String[] before = revisions(rewrite());
        change("decoder.layers.2.mlp.down_proj.weight");
        String[] after = revisions(rewrite());
        assertThat(after[ModelPart.VISION.ordinal()]).isEqualTo(before[ModelPart.VISION.ordinal()]);
        assertThat(after[ModelPart.PROJECTOR.ordinal()]).isEqualTo(before[ModelPart.PROJECTOR.ordinal()]);
        assertThat(after[ModelPart.DECODER.ordinal()]).isNotEqualTo(before[ModelPart.DECODER.ordinal()]);
    }

    @Test
    void shouldChangeARevisionWithSettingsThatChangeResults() throws IOException {
        String[] before = revisions(rewrite());
        Path config = folder.resolve("config.json");
        String json = Files.readString(config);
        Files.writeString(config, json.replace("\"rms_norm_eps\": 1e-05", "\"rms_norm_eps\": 1e-06"));
        String[] after = revisions(ModelFolder.open(folder, Optional.empty()));
        assertThat(after[ModelPart.VISION.ordinal()]).isEqualTo(before[ModelPart.VISION.ordinal()]);
        assertThat(after[ModelPart.DECODER.ordinal()]).isNotEqualTo(before[ModelPart.DECODER.ordinal()]);
    }

    @Test
    void shouldKeepARevisionWhenWhatIsNotUsedChanges() {
        String[] before = revisions(rewrite());
        change("vision.encoder.layers.3.mlp.fc1.weight");
        assertThat(revisions(rewrite())).isEqualTo(before);
    }

    private ModelFolder rewrite() {
        for (String file : List.of("config.json", "preprocessor_config.json", "model.safetensors")) {
            try {
                Files.deleteIfExists(folder.resolve(file));
            } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
            }
        }
        return model.write(folder, TensorNaming.HUB);
    }

    private void change(String weight) {
        model.weights.compute(weight, (name, tensor) -> {
            byte[] bytes = tensor.bytes().toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
            MemorySegment.ofArray(bytes).setAtIndex(HostTensor.FLOAT, 3, 0.5f);
            return SafetensorsWriter.tensor(name, tensor.dtype(), bytes, tensor.shape());
        });
    }

    private static String[] revisions(ModelFolder written) {
        String[] revisions = new String[ModelPart.values().length];
        try (Checkpoint checkpoint = Checkpoint.open(written)) {
            for (ModelPart part : ModelPart.values()) {
                revisions[part.ordinal()] = checkpoint.revision(part);
            }
        }
        return revisions;
    }

    private void put(String weight, String dtype, long... shape) {
        int bytes = Math.toIntExact(HostTensor.elements(shape)) * (dtype.equals("F32") ? 4 : 1);
        model.weights.put(weight, SafetensorsWriter.tensor(weight, dtype, new byte[bytes], shape));
    }

    private void other(String name, int size) {
        model.others.add(SafetensorsWriter.tensor(name, "F32", new byte[4 * size], size));
    }

    private void assertRefused(TensorNaming naming, String message) {
        assertThatThrownBy(() -> require(model.write(folder, naming)))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage(message);
    }

    private static void require(ModelFolder written) {
        try (Checkpoint checkpoint = Checkpoint.open(written)) {
            checkpoint.require(ServingPrograms.of(written.config()));
        }
    }
}
