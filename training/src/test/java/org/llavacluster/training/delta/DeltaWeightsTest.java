package org.llavacluster.training.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.model.checkpoint.SafetensorsShard;
import org.llavacluster.model.checkpoint.ShardedFolder;
import org.llavacluster.model.checkpoint.StoredTensor;
import org.llavacluster.model.checkpoint.StoredTensors;
import org.llavacluster.model.checkpoint.WrittenTensor;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.training.Goldens;

class DeltaWeightsTest {

    private static final JsonNode GOLDENS = Goldens.json("delta/delta.json");
    private static final Path BASE = Goldens.path("delta/base");

    @TempDir
    private Path temporary;

    @Test
    void shouldAddAndSubtractHalvesAsTheReference() {
        List<JsonNode> rows = Goldens.items(GOLDENS.path("arithmetic_cases_hex").path("rows"));
        assertThat(rows).hasSize(162);
        for (JsonNode row : rows) {
            short[] bits = new short[4];
            String[] words = row.textValue().split(" ");
            for (int n = 0; n < 4; n++) {
                bits[n] = (short) HexFormat.fromHexDigits(words[n]);
            }
            assertThat(DeltaDirection.MAKE.combine(bits[0], bits[1]))
                    .as("%s - %s", words[0], words[1])
                    .isEqualTo(bits[2]);
            assertThat(DeltaDirection.APPLY.combine(bits[0], bits[1]))
                    .as("%s + %s", words[0], words[1])
                    .isEqualTo(bits[3]);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"extra-rows", "same-rows"})
    void shouldMakeTheDeltaOfTheReference(String name) throws IOException {
        Path target = Goldens.path("delta/" + name + "/tuned");
        Path out = temporary.resolve("delta");

        write(BASE, target, DeltaDirection.MAKE, out);

        assertThat(contents(out)).isEqualTo(contents(Goldens.path("delta/" + name + "/delta")));
        assertSameFile(target, out, "config.json");
        assertSameFile(target, out, "tokenizer_config.json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"extra-rows", "same-rows"})
    void shouldApplyTheDeltaToTheReferencesBits(String name) throws IOException {
        Path delta = Goldens.path("delta/" + name + "/delta");
        Path out = temporary.resolve("model");
        List<ShardedFolder.Written> steps = new ArrayList<>();

        new DeltaWeights(BASE, delta, DeltaDirection.APPLY).write(out, steps::add);

        Map<String, String> expected = new TreeMap<>();
        try (StoredTensors tensors = StoredTensors.ofFile(Goldens.path("delta/" + name + "/expected.safetensors"))) {
            tensors.all().forEach(tensor -> expected.put(tensor.name(), hex(tensor)));
        }
        assertThat(contents(out)).isEqualTo(expected);
        assertSameFile(delta, out, "config.json");
        assertSameFile(delta, out, "tokenizer_config.json");
        assertThat(steps).hasSize(2);
        assertThat(steps.getLast().bytes()).isEqualTo(steps.getLast().ofBytes());
    }

    static Stream<JsonNode> errors() {
        return Goldens.items(GOLDENS.path("errors")).stream();
    }

    @ParameterizedTest
    @MethodSource("errors")
    void shouldNameTheTensorThatDoesNotFitAndWriteNothing(JsonNode golden) throws IOException {
        Path base = folder(golden.path("base").textValue());
        Path delta = folder(golden.path("delta").textValue());
        Path out = temporary.resolve("model");

        assertThatThrownBy(() -> write(base, delta, DeltaDirection.APPLY, out))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(golden.path("tensor").textValue());
        assertThat(out).doesNotExist();
        assertThat(temporary.resolve("model.partial")).doesNotExist();
    }

    @Test
    void shouldListAllTensorsThatDoNotFitAtOnce() throws IOException {
        Path delta = made(
                "delta",
                tensor("model.a.weight", "F16", 2, 2),
                tensor("model.b.weight", "F16", 2, 2),
                tensor("lm_head.weight", "F16", 3, 2),
                tensor("model.c.weight", "I32", 2, 1),
                tensor("model.mm_projector.weight", "F16", 2, 2));
        Path base = made(
                "base",
                tensor("model.b.weight", "F16", 2, 3),
                tensor("lm_head.weight", "F16", 4, 2),
                tensor("model.c.weight", "I32", 2, 1));

        assertThatThrownBy(() -> write(base, delta, DeltaDirection.APPLY, temporary.resolve("out")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageEndingWith(": model.a.weight: not in the base;"
                        + " model.b.weight: shape [2, 2], in the base [2, 3];"
                        + " lm_head.weight: shape [3, 2], in the base larger, [4, 2];"
                        + " model.c.weight: dtype I32 is not F16, BF16 or F32");
    }

    @Test
    void shouldRoundOtherTypesToHalvesFirst() throws IOException {
        byte[] third = new byte[4];
        MemorySegment.ofArray(third).set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, 1 / 3f);
        byte[] one = {(byte) 0x80, 0x3F};
        Path input = made("input", WrittenTensor.of("x", "F32", List.of(1L), MemorySegment.ofArray(third)));
        Path base = made("base", WrittenTensor.of("x", "BF16", List.of(1L), MemorySegment.ofArray(one)));
        Path out = temporary.resolve("out");

        write(base, input, DeltaDirection.APPLY, out);

        short expected = Float.floatToFloat16(Float.float16ToFloat(Float.floatToFloat16(1 / 3f)) + 1);
        assertThat(contents(out))
                .containsExactlyEntriesOf(
                        Map.of("x", "F16 [1] %02x%02x".formatted(expected & 0xFF, expected >> 8 & 0xFF)));
    }

    @Test
    void shouldLeaveAFolderThatHoldsSomethingAlone() throws IOException {
        Path out = Files.createDirectory(temporary.resolve("out"));
        Files.writeString(out.resolve("mine.txt"), "mine");

        assertThatThrownBy(() -> write(BASE, Goldens.path("delta/same-rows/delta"), DeltaDirection.APPLY, out))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is not empty");
        assertThat(out).isDirectoryContaining("glob:**mine.txt");
    }

    private static void write(Path base, Path input, DeltaDirection direction, Path out) throws IOException {
        new DeltaWeights(base, input, direction).write(out, _ -> {});
    }

    /** A folder of the goldens, or one around a single file of them. */
    private Path folder(String name) throws IOException {
        Path golden = Goldens.path("delta/" + name);
        if (Files.isDirectory(golden)) {
            return golden;
        }
        Path folder = Files.createDirectory(temporary.resolve("around"));
        Files.copy(golden, folder.resolve("model.safetensors"));
        return folder;
    }

    private Path made(String name, WrittenTensor... tensors) throws IOException {
        Path folder = Files.createDirectory(temporary.resolve(name));
        new SafetensorsShard(List.of(tensors)).write(folder.resolve("model.safetensors"));
        return folder;
    }

    private static WrittenTensor tensor(String name, String dtype, long rows, long columns) {
        byte[] bytes = new byte[(int) (rows * columns * (dtype.equals("I32") ? 4 : 2))];
        return WrittenTensor.of(name, dtype, List.of(rows, columns), MemorySegment.ofArray(bytes));
    }

    private static Map<String, String> contents(Path folder) {
        Map<String, String> contents = new TreeMap<>();
        try (StoredTensors tensors = StoredTensors.ofFolder(folder, "")) {
            tensors.all().forEach(tensor -> contents.put(tensor.name(), hex(tensor)));
        }
        return contents;
    }

    private static String hex(StoredTensor tensor) {
        byte[] bytes = tensor.bytes().toArray(ValueLayout.JAVA_BYTE);
        return tensor.dtype() + " " + tensor.shape() + " " + HexFormat.of().formatHex(bytes);
    }

    private static void assertSameFile(Path expected, Path actual, String name) {
        assertThat(actual.resolve(name)).hasSameBinaryContentAs(expected.resolve(name));
    }
}
