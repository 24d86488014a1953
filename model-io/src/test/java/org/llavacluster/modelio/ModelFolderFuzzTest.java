package org.llavacluster.modelio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.fuzz.ByteMutator;
import org.llavacluster.fuzz.FuzzBounds;
import org.llavacluster.fuzz.FuzzRun;
import org.llavacluster.fuzz.JsonMutator;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.prompt.ChatMessage;
import org.llavacluster.modelio.prompt.Prompt;
import org.llavacluster.modelio.prompt.PromptEncoder;
import org.llavacluster.modelio.prompt.PromptException;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/** JSON files of a checkpoint that nobody meant: the folder is served, or refused with one line that names the file. */
@Tag("fuzz")
class ModelFolderFuzzTest {

    private static final FuzzBounds BOUNDS = new FuzzBounds(Duration.ofSeconds(10), 1L << 30);
    private static final int LARGEST = 1 << 20;
    private static final List<String> FOLDERS = List.of("llava-1.5-tiny", "llava-1.6-tiny");
    private static final List<String> FILES = List.of(
            "config.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "special_tokens_map.json",
            "generation_config.json",
            "preprocessor_config.json",
            "processor_config.json",
            "chat_template.json");
    private static final List<String> WORDS = List.of(
            "<image>",
            "<s>",
            "</s>",
            "<unk>",
            "<0x00>",
            "<0xFF>",
            "▁",
            " ",
            "",
            "a",
            "\u0000",
            "llava",
            "llava_next",
            "llama",
            "mistral",
            "clip_vision_model",
            "silu",
            "gelu",
            "quick_gelu",
            "default",
            "full",
            "linear",
            "dynamic",
            "yarn",
            "llama3",
            "rope_theta",
            "rope_type",
            "type",
            "factor",
            "BPE",
            "Unigram",
            "WordPiece",
            "vocab",
            "merges",
            "byte_fallback",
            "fuse_unk",
            "Sequence",
            "Prepend",
            "Replace",
            "ByteLevel",
            "ByteFallback",
            "Fuse",
            "Strip",
            "NFC",
            "NFKC",
            "Metaspace",
            "Split",
            "TemplateProcessing",
            "pattern",
            "Regex",
            "String",
            "content",
            "(a+)+$",
            "[",
            "{{ messages }}",
            "{% for m in messages %}{{ m.content }}{% endfor %}",
            "special_tokens",
            "added_tokens",
            "id",
            "ids",
            "eos_token_id",
            "pad_token_id",
            "image_token_index",
            "vision_feature_layer",
            "vision_feature_select_strategy",
            "hidden_size",
            "num_attention_heads",
            "num_key_value_heads",
            "head_dim",
            "vocab_size",
            "image_size",
            "patch_size",
            "image_grid_pinpoints",
            "max_position_embeddings",
            "legacy",
            "add_bos_token",
            "chat_template");

    @TempDir
    private Path temporary;

    private final ByteMutator bytes = new ByteMutator(
            FOLDERS.stream()
                    .flatMap(folder -> FILES.stream().map(file -> read(folder, file)))
                    .filter(content -> content.length > 0)
                    .toList(),
            WORDS,
            LARGEST);

    private final List<List<JsonMutator>> json = FOLDERS.stream()
            .map(folder -> FILES.stream().map(file -> mutator(folder, file)).toList())
            .toList();

    @BeforeEach
    void copyFolders() throws IOException {
        for (String folder : FOLDERS) {
            Path copy = Files.createDirectory(temporary.resolve(folder));
            for (String file : FILES) {
                write(copy.resolve(file), read(folder, file));
            }
        }
    }

    @Test
    void shouldServeOrRefuseAnyFolder() {
        new FuzzRun("model-folder", 600, BOUNDS).check(this::change, this::serve);
    }

    /** The number of a folder, that of a file, and the file's content. */
    private byte[] change(Random random) {
        int folder = random.nextInt(FOLDERS.size());
        int file = random.nextInt(FILES.size());
        byte[] content = random.nextInt(4) == 0
                ? bytes.changed(random, read(FOLDERS.get(folder), FILES.get(file)))
                : json.get(folder).get(file).next(random);
        byte[] change = new byte[2 + content.length];
        change[0] = (byte) folder;
        change[1] = (byte) file;
        System.arraycopy(content, 0, change, 2, content.length);
        return change;
    }

    private void serve(byte[] change) {
        if (change.length < 2) {
            return;
        }
        String name = FOLDERS.get(change[0] & 1);
        String file = FILES.get(change[1] & 7);
        Path folder = temporary.resolve(name);
        write(folder.resolve(file), Arrays.copyOfRange(change, 2, change.length));
        try {
            open(folder);
        } catch (ModelFormatException | PromptException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        } finally {
            write(folder.resolve(file), read(name, file));
        }
    }

    private static void open(Path folder) {
        ModelFolder model = ModelFolder.open(folder, Optional.empty());
        try (Tokenizer tokenizer = Tokenizer.load(model)) {
            PromptEncoder encoder = PromptEncoder.of(model, tokenizer, Optional.empty());
            Prompt prompt = encoder.encode(List.of(new ChatMessage(
                    ChatMessage.Role.USER,
                    List.of(new ChatMessage.Image(), new ChatMessage.Text("what is <this>, é🦙?")))));
            assertThat(prompt).isNotNull();
            int[] ids = tokenizer.encode("the left half");
            assertThat(tokenizer.decode(ids)).isNotNull();
        }
    }

    private static JsonMutator mutator(String folder, String file) {
        byte[] content = read(folder, file);
        return new JsonMutator(
                List.of(content.length == 0 ? "{}" : new String(content, StandardCharsets.UTF_8)), WORDS);
    }

    /** Nothing where the folder has no such file. */
    private static byte[] read(String folder, String file) {
        Path path = Fixtures.path(folder).resolve(file);
        try {
            return Files.exists(path) ? Files.readAllBytes(path) : new byte[0];
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** No file for no content. */
    private static void write(Path file, byte[] content) {
        try {
            if (content.length == 0) {
                Files.deleteIfExists(file);
            } else {
                Files.write(file, content);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
