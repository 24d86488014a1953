package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.modelio.config.ModelFormatException;

/** Holds the limit {@code FixedLimits.WEIGHT_INDEX_BYTES}. */
class WeightFilesTest {

    @TempDir
    private Path temporary;

    private Path folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = Files.createDirectories(temporary.resolve("model"));
    }

    @Test
    void shouldReadShardsThatAnIndexNames() {
        shard("one.safetensors", "a", "b");
        shard("two.safetensors", "c");
        index("\"a\":\"one.safetensors\",\"b\":\"one.safetensors\",\"c\":\"two.safetensors\"");
        try (Arena arena = Arena.ofConfined()) {
            Map<String, CheckpointTensor> tensors = WeightFiles.map(folder, "", arena);
            assertThat(tensors).containsOnlyKeys("a", "b", "c");
            assertThat(tensors.get("c").file()).isEqualTo("two.safetensors");
        }
    }

    @Test
    void shouldPreferTheSingleFileAsTransformersDoes() {
        shard("model.safetensors", "whole");
        shard("one.safetensors", "a");
        index("\"a\":\"one.safetensors\"");
        try (Arena arena = Arena.ofConfined()) {
            assertThat(WeightFiles.map(folder, "", arena)).containsOnlyKeys("whole");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../out.safetensors", "/etc/passwd", "sub/in.safetensors", "..", ".", "a\\\\b", "\\u0000", ""})
    void shouldRefuseAnIndexThatNamesAFileElsewhere(String name) throws IOException {
        shard("../out.safetensors", "a");
        Files.createDirectories(folder.resolve("sub"));
        shard("sub/in.safetensors", "a");
        index("\"a\":\"" + name + "\"");
        assertRefused("model.safetensors.index.json: weight_map names a file outside the folder");
    }

    @Test
    void shouldRefuseAShardThatIsALinkOutOfTheFolder() throws IOException {
        shard("../out.safetensors", "a");
        Files.createSymbolicLink(folder.resolve("one.safetensors"), folder.resolve("../out.safetensors"));
        index("\"a\":\"one.safetensors\"");
        assertRefused("model.safetensors.index.json: weight_map names a file outside the folder: one.safetensors");
    }

    @Test
    void shouldFollowTheLinksOfTheHubsCache() throws IOException {
        folder = Files.createDirectories(temporary.resolve("models--a--b/snapshots/0123"));
        Files.createDirectories(temporary.resolve("models--a--b/blobs"));
        shard("../../blobs/4567", "a");
        Files.createSymbolicLink(folder.resolve("one.safetensors"), Path.of("../../blobs/4567"));
        index("\"a\":\"one.safetensors\"");
        try (Arena arena = Arena.ofConfined()) {
            assertThat(WeightFiles.map(folder, "", arena)).containsOnlyKeys("a");
        }
    }

    @Test
    void shouldNameAMissingShard() {
        shard("one.safetensors", "a");
        index("\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"");
        assertRefused("two.safetensors: is missing; model.safetensors.index.json names it");
    }

    @Test
    void shouldRefuseAnIndexThatDisagreesWithItsShards() {
        shard("one.safetensors", "a");
        shard("two.safetensors", "c");
        index("\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"");
        assertRefused(
                "model.safetensors.index.json: weight_map expects b in two.safetensors, which does not contain it");
    }

    @Test
    void shouldRefuseATensorInTwoShards() {
        shard("one.safetensors", "a");
        shard("two.safetensors", "a", "b");
        index("\"a\":\"one.safetensors\",\"b\":\"two.safetensors\"");
        assertRefused("two.safetensors: a is also in one.safetensors");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "{}",
                "{\"weight_map\":{}}",
                "{\"weight_map\":{\"a\":1}}",
                "{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}",
                "{\"weight_map\":{\"a\":\"x\"}} {}"
            })
    void shouldRefuseABrokenIndex(String json) {
        SafetensorsWriter.write(
                folder.resolve("model.safetensors.index.json"), json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertRefused("model.safetensors.index.json: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pytorch_model.bin", "model.pt", "llava.gguf", "consolidated.00.pth"})
    void shouldRefuseOtherFormatsByNameAndSayWhatToDo(String file) {
        SafetensorsWriter.write(folder.resolve(file), new byte[100]);
        assertRefused(file + ": cannot be loaded, weights are read from safetensors files only");
    }

    @Test
    void shouldNameWhatAnEmptyFolderLacks() {
        assertRefused("model.safetensors: is missing");
    }

    @Test
    void shouldReadAnIndexOfTheLimitAndNotAByteMore() {
        int limit = 16 << 20;
        Path index = folder.resolve("model.safetensors.index.json");
        for (int bytes : new int[] {limit - 1, limit}) {
            SafetensorsWriter.write(index, new byte[bytes]);
            assertRefused("model.safetensors.index.json: is not valid JSON");
        }
        SafetensorsWriter.write(index, new byte[limit + 1]);
        assertRefused("model.safetensors.index.json: is not a regular file of at most 16777216 bytes");
    }

    private void assertRefused(String expected) {
        try (Arena arena = Arena.ofConfined()) {
            assertThatThrownBy(() -> WeightFiles.map(folder, "", arena))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageStartingWith(expected)
                    .message()
                    .doesNotContain("\n")
                    .doesNotContain("\0");
        }
    }

    private void shard(String file, String... names) {
        SafetensorsWriter.write(
                folder.resolve(file),
                List.of(names).stream()
                        .map(name -> SafetensorsWriter.tensor(name, "F32", new byte[8], 2))
                        .toList());
    }

    private void index(String weightMap) {
        String json = "{\"metadata\":{\"total_size\":1},\"weight_map\":{" + weightMap + "}}";
        SafetensorsWriter.write(
                folder.resolve("model.safetensors.index.json"), json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }
}
