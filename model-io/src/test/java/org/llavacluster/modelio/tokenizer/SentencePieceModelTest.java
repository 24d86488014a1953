package org.llavacluster.modelio.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.config.TestFolder;

/** A model trained by SentencePiece, and its ids; make_sentencepiece.py wrote both. */
final class SentencePieceModelTest {

    @TempDir
    Path temp;

    private TestFolder folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = TestFolder.like("llava-1.5-tiny", temp.resolve("model"))
                .delete("tokenizer.json")
                .set("config.json", "image_token_index", "500");
        try (InputStream in = getClass().getResourceAsStream("sentencepiece.model")) {
            Files.copy(in, folder.path().resolve("tokenizer.model"));
        }
        folder.write("added_tokens.json", "{\"<image>\": 500, \"<pad>\": 501}");
    }

    private Tokenizer load(Optional<Boolean> legacy) {
        return Tokenizer.load(ModelFolder.open(folder.path(), Optional.empty()), legacy);
    }

    @Test
    void shouldEncodeAsSentencePiece() throws IOException {
        Tokenizer tokenizer = load(Optional.empty());
        int rows = 0;
        try (InputStream in = getClass().getResourceAsStream("sentencepiece-goldens.json")) {
            for (JsonNode row : new ObjectMapper().readTree(in)) {
                String text = row.get("text").textValue();
                int[] ids = new ObjectMapper().convertValue(row.get("ids"), int[].class);
                assertThat(tokenizer.encodePlain(text)).as(text).isEqualTo(ids);
                assertThat(tokenizer.decode(ids)).isEqualTo(text.replace('▁', ' '));
                rows++;
            }
        }
        assertThat(rows).isGreaterThan(300);
    }

    @Test
    void shouldFindAddedAndSpecialTokens() {
        Tokenizer tokenizer = load(Optional.empty());

        assertThat(tokenizer.encode("<image></s>")).containsExactly(1, 500, 2);
        assertThat(tokenizer.size()).isEqualTo(502);
        assertThat(tokenizer.decode(new int[] {1, 2})).isEmpty();
    }

    /** The switch decides whether a text after a special token gets a leading space. */
    @Test
    void shouldFollowTheLegacySwitch() throws IOException {
        int[] the = load(Optional.empty()).encodePlain("the");
        int[] spaced = load(Optional.of(true)).encode("the</s>the");
        int[] bare = load(Optional.of(false)).encode("the</s>the");

        int[] legacy = IntStream.of(1)
                .mapMulti((int id, IntConsumer out) -> {
                    out.accept(id);
                    Arrays.stream(the).forEach(out);
                    out.accept(2);
                    Arrays.stream(the).forEach(out);
                })
                .toArray();
        assertThat(spaced).isEqualTo(legacy);
        assertThat(Arrays.copyOf(bare, the.length + 2)).isEqualTo(Arrays.copyOf(legacy, the.length + 2));
        assertThat(bare).isNotEqualTo(legacy);
        folder.set("tokenizer_config.json", "legacy", "false");
        assertThat(load(Optional.empty()).encode("the</s>the")).isEqualTo(bare);
    }

    @Test
    void shouldRefuseWhatIsNoModel() throws IOException {
        assertRefused(new byte[] {1, 2, 3}, "tokenizer.model: not a SentencePiece model");
        assertRefused(new byte[0], "tokenizer.model: pieces: missing");
        assertRefused(
                new byte[] {10, 5, 10, 1, 'a', 24, 4},
                "tokenizer.model: pieces[0]: a piece of type 4 is not supported");
        assertRefused(
                new byte[] {10, 3, 10, 1, 'a'}, "tokenizer.model: trainer_spec.model_type: must be 2 (BPE), is 1");
        byte[] truncated = Arrays.copyOf(Files.readAllBytes(folder.path().resolve("tokenizer.model")), 1);
        assertRefused(truncated, "tokenizer.model: ");
        Files.delete(folder.path().resolve("tokenizer.model"));
        assertThatThrownBy(() -> load(Optional.empty()))
                .hasMessage("tokenizer.json: missing in " + folder.path() + ", and so is tokenizer.model");
    }

    @Test
    void shouldRefuseAnEndOfSequenceAfterEveryPrompt() throws IOException {
        folder.set("tokenizer_config.json", "add_eos_token", "true");

        assertThatThrownBy(() -> Tokenizer.load(folder.open()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("tokenizer_config.json: add_eos_token: true is not supported: an answer could not follow");
    }

    private void assertRefused(byte[] model, String message) throws IOException {
        Files.write(folder.path().resolve("tokenizer.model"), model);
        assertThatThrownBy(() -> load(Optional.empty()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith(message);
    }
}
