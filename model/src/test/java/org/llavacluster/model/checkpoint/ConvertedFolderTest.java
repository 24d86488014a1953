package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.modelio.config.ModelFormatException;

class ConvertedFolderTest {

    /** More than the pieces that are converted at once. */
    private static final int ELEMENTS = 300_001;

    private static final byte[] IDS = {1, 0, 0, 0, 2, 0, 0, 0};

    @TempDir
    private Path folder;

    private Path model;
    private float[] values;

    @BeforeEach
    void writeAModel() throws IOException {
        SplittableRandom random = new SplittableRandom(11);
        values = new float[ELEMENTS];
        for (int i = 0; i < ELEMENTS; i++) {
            values[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(-6, 4)));
        }
        model = model("model", values);
    }

    private Path model(String name, float[] of) throws IOException {
        Path made = Files.createDirectory(folder.resolve(name));
        ShardedFolder.of(Map.of(
                        "model.safetensors",
                        List.of(
                                WrittenTensor.of(
                                        "norm",
                                        "F32",
                                        List.of((long) of.length),
                                        HostTensor.ofFloats(of, of.length).bytes()),
                                WrittenTensor.of("ids", "I32", List.of(2L), MemorySegment.ofArray(IDS)))))
                .writeInto(made, _ -> {});
        Files.writeString(
                made.resolve("config.json"),
                "{\"torch_dtype\":\"float32\",\"text_config\":{\"torch_dtype\":\"float32\",\"hidden_size\":8},"
                        + "\"vision_config\":{\"patch_size\":14}}");
        Files.writeString(made.resolve("tokenizer.json"), "words");
        return made;
    }

    @ParameterizedTest
    @EnumSource(names = {"F16", "BF16"})
    void shouldRoundEachValueToTheNearest(DType type) throws IOException {
        Path out = folder.resolve("out");
        new ConvertedFolder(model, type).write(out, _ -> {});

        try (StoredTensors tensors = StoredTensors.ofFolder(out, "")) {
            StoredTensor norm = tensors.find("norm").orElseThrow();
            assertThat(norm.dtype()).isEqualTo(type.name());
            assertThat(norm.shape()).containsExactly((long) ELEMENTS);
            short[] bits = norm.bytes().toArray(ValueLayout.JAVA_SHORT_UNALIGNED);
            for (int i = 0; i < ELEMENTS; i++) {
                assertThat(bits[i]).isEqualTo(FloatConversion.narrow(type, values[i]));
            }
            StoredTensor ids = tensors.find("ids").orElseThrow();
            assertThat(ids.dtype()).isEqualTo("I32");
            assertThat(ids.bytes().toArray(ValueLayout.JAVA_BYTE)).isEqualTo(IDS);
        }
        String name = type == DType.F16 ? "float16" : "bfloat16";
        assertThat(out.resolve("config.json"))
                .content()
                .contains("\"torch_dtype\" : \"" + name + "\"", "\"hidden_size\" : 8", "\"patch_size\" : 14")
                .doesNotContain("float32");
        assertThat(out.resolve("tokenizer.json")).hasContent("words");
    }

    @Test
    void shouldKeepTheBitsOnTheWayBack() throws IOException {
        new ConvertedFolder(model, DType.BF16).write(folder.resolve("half"), _ -> {});
        new ConvertedFolder(folder.resolve("half"), DType.F32).write(folder.resolve("whole"), _ -> {});
        new ConvertedFolder(folder.resolve("whole"), DType.BF16).write(folder.resolve("again"), _ -> {});

        assertThat(folder.resolve("again/model.safetensors"))
                .hasSameBinaryContentAs(folder.resolve("half/model.safetensors"));
    }

    @Test
    void shouldNameTheTensorsThatTheTypeCannotHold() throws IOException {
        Path large = model("large", new float[] {1, 70_000, Float.NEGATIVE_INFINITY});
        assertThatThrownBy(() -> new ConvertedFolder(large, DType.F16).write(folder.resolve("out"), _ -> {}))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("beyond the range of f16 in norm");
        assertThat(folder.resolve("out")).doesNotExist();
        new ConvertedFolder(large, DType.BF16).write(folder.resolve("out"), _ -> {});
    }

    @Test
    void shouldLeaveAFolderThatIsNotEmpty() throws IOException {
        Path full = Files.createDirectory(folder.resolve("full"));
        Files.writeString(full.resolve("mine.txt"), "mine");
        assertThatThrownBy(() -> new ConvertedFolder(model, DType.F16).write(full, _ -> {}))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("is not empty");
        assertThatThrownBy(() ->
                        new ConvertedFolder(folder.resolve("none"), DType.F16).write(folder.resolve("out"), _ -> {}))
                .isInstanceOf(ModelFormatException.class);
        assertThat(full.resolve("mine.txt")).hasContent("mine");
    }
}
