package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.ModelCopy;

/**
 * A model folder that cannot be served gives one line that names file and field, a non-zero status, and never "ready".
 */
class BadModelTest {

    private static final String NORM = "language_model.model.norm.weight";
    private static final String HEAD = "language_model.lm_head.weight";

    @FunctionalInterface
    private interface Damage {
        void apply(ModelCopy model) throws IOException;
    }

    private record Case(String name, Damage damage, List<String> named) {

        @Override
        public String toString() {
            return name;
        }
    }

    private static Case damaged(String name, Damage damage, String... named) {
        return new Case(name, damage, List.of(named));
    }

    static Stream<Case> damages() {
        return Stream.of(
                damaged("no config", model -> Files.delete(model.folder().resolve("config.json")), "config.json"),
                damaged("no weights", model -> Files.delete(model.weights()), "safetensors"),
                damaged("no tokenizer", model -> Files.delete(model.folder().resolve("tokenizer.json")), "tokenizer"),
                damaged(
                        "config is not JSON",
                        model -> Files.writeString(model.folder().resolve("config.json"), "{\"model_type\": "),
                        "config.json"),
                damaged(
                        "unknown model type",
                        model -> model.editJson("config.json", json -> json.put("model_type", "qwen2_vl")),
                        "config.json",
                        "model_type",
                        "qwen2_vl"),
                damaged(
                        "unknown rope type",
                        model -> model.editJson("config.json", json -> text(json)
                                .putObject("rope_scaling")
                                .put("rope_type", "spiral")
                                .put("factor", 2.0)),
                        "config.json",
                        "rope",
                        "spiral"),
                damaged(
                        "sliding window",
                        model -> model.editJson(
                                "config.json",
                                json -> text(json).put("model_type", "mistral").put("sliding_window", 0)),
                        "config.json",
                        "sliding_window"),
                damaged(
                        "attention bias",
                        model ->
                                model.editJson("config.json", json -> text(json).put("attention_bias", true)),
                        "config.json",
                        "attention_bias"),
                damaged(
                        "other activation",
                        model ->
                                model.editJson("config.json", json -> text(json).put("hidden_act", "relu")),
                        "config.json",
                        "hidden_act",
                        "relu"),
                damaged(
                        "fewer embedding rows than tokens",
                        model ->
                                model.editJson("config.json", json -> text(json).put("vocab_size", 700)),
                        "700"),
                damaged("truncated weights", model -> model.truncateWeights(100_000), "model.safetensors"),
                damaged("truncated header", model -> model.truncateWeights(20), "model.safetensors"),
                damaged("header beyond the file", model -> model.writeHeaderLength(1L << 40), "model.safetensors"),
                damaged("negative header length", model -> model.writeHeaderLength(-1), "model.safetensors"),
                damaged(
                        "overlapping tensors",
                        model -> model.editHeader(header -> {
                            ObjectNode norm = (ObjectNode) header.get(NORM);
                            int length = norm.get("data_offsets").get(1).asInt()
                                    - norm.get("data_offsets").get(0).asInt();
                            norm.putArray("data_offsets").add(0).add(length);
                        }),
                        "model.safetensors"),
                damaged(
                        "missing, unexpected and misshaped at once",
                        model -> model.editHeader(header -> {
                            header.set("language_model.model.nrom.weight", header.remove(NORM));
                            ObjectNode head = (ObjectNode) header.get(HEAD);
                            long rows = head.get("shape").get(0).asLong();
                            long columns = head.get("shape").get(1).asLong();
                            head.putArray("shape").add(columns).add(rows);
                        }),
                        "norm.weight",
                        "nrom.weight",
                        "lm_head.weight"));
    }

    private static ObjectNode text(ObjectNode config) {
        return (ObjectNode) config.get("text_config");
    }

    @ParameterizedTest
    @MethodSource("damages")
    void shouldRefuseADamagedModelInOneLine(Case damaged, @TempDir Path scratch) throws Exception {
        ModelCopy model = ModelCopy.of("llava-1.5-tiny", scratch.resolve("model"));
        damaged.damage().apply(model);

        assertRefused(model.folder(), damaged.named());
    }

    @ParameterizedTest
    @MethodSource("indexes")
    void shouldRefuseAnIndexThatLeavesTheFolder(String file, @TempDir Path scratch) throws Exception {
        ModelCopy model = ModelCopy.of("llava-1.5-tiny-bf16-sharded", scratch.resolve("model"));
        model.editJson("model.safetensors.index.json", json -> ((ObjectNode) json.get("weight_map"))
                .fieldNames()
                .forEachRemaining(name -> ((ObjectNode) json.get("weight_map")).put(name, file)));

        assertRefused(model.folder(), List.of("model.safetensors.index.json"));
    }

    static Stream<String> indexes() {
        return Stream.of("../model.safetensors", "/etc/passwd", "no-such-file.safetensors");
    }

    @ParameterizedTest
    @MethodSource("notModels")
    void shouldRefuseWhatIsNoModel(Path folder, String named) throws Exception {
        assertRefused(folder, List.of(named));
    }

    static Stream<Arguments> notModels() {
        return Stream.of(
                Arguments.of(Path.of("/no/such/folder"), "/no/such/folder"),
                Arguments.of(Launcher.fixture("images"), "config.json"),
                Arguments.of(Launcher.fixture("images/scene.png"), "scene.png"));
    }

    private static void assertRefused(Path folder, List<String> named) throws IOException, InterruptedException {
        Launcher.Outcome outcome = Launcher.run("up", "--model=" + folder);

        assertThat(outcome.status()).as(outcome.stderr()).isEqualTo(1);
        assertThat(outcome.stdout()).isEmpty();
        assertThat(outcome.stderr().strip().lines()).as("one line").hasSize(1);
        assertThat(outcome.stderr()).contains(named).doesNotContain("Exception");
    }
}
