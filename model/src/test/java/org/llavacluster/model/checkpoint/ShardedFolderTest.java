package org.llavacluster.model.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ShardedFolderTest {

    private static final ShardedFolder FOLDER = ShardedFolder.of(Map.of(
            "model.safetensors",
            List.of(WrittenTensor.of("norm", "F32", List.of(2L), MemorySegment.ofArray(new byte[8])))));

    @TempDir
    private Path source;

    @TempDir
    private Path folder;

    @BeforeEach
    void fillTheSource() throws IOException {
        for (String name : List.of("config.json", "tokenizer.model", "README.md", "model.safetensors")) {
            Files.writeString(source.resolve(name), name);
        }
    }

    private List<String> written() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    /** They would stand beside the new weights as if they were the same. */
    @Test
    void shouldCopyNoWeightsOfTheSource() throws IOException {
        for (String name : List.of(
                "old.safetensors",
                "pytorch_model.bin",
                "pytorch_model.bin.index.json",
                "consolidated.00.pth",
                "a.pt")) {
            Files.writeString(source.resolve(name), name);
        }

        List<ShardedFolder.Written> progress = new ArrayList<>();
        FOLDER.writeInPlaceOf(source, folder, progress::add);

        assertThat(written()).containsExactly("README.md", "config.json", "model.safetensors", "tokenizer.model");
        assertThat(folder.resolve("config.json")).hasContent("config.json");
        try (StoredTensors tensors = StoredTensors.ofFile(folder.resolve("model.safetensors"))) {
            assertThat(tensors.find("norm").orElseThrow().shape()).containsExactly(2L);
        }
        assertThat(progress).containsExactly(new ShardedFolder.Written("model.safetensors", 8, 8));
    }

    @Test
    void shouldWriteAnIndexIfTheSourceHasOne() throws IOException {
        Files.writeString(source.resolve("model.safetensors.index.json"), "of other files");

        FOLDER.writeInPlaceOf(source, folder, written -> {});

        assertThat(folder.resolve("model.safetensors.index.json"))
                .content()
                .contains("\"norm\":\"model.safetensors\"", "\"total_size\":8");
    }
}
