package org.llavacluster.modelio.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.answer.Detokenizer;
import org.llavacluster.modelio.config.ModelFolder;

/**
 * Compares the project's tokenizer with Hugging Face's, over random texts and random ids, for each supported kind of
 * tokenizer.
 */
final class TokenizerEqualityTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int TEXTS = 1_000;

    @TempDir
    Path temp;

    @Test
    void shouldEqualLlamas() throws IOException {
        check(fixture(file -> {}));
    }

    /** As written since 2024: the same as a pre-tokenizer, here for the start of the text only. */
    @Test
    void shouldEqualMetaspace() throws IOException {
        for (String scheme : List.of("first", "always", "never")) {
            check(fixture(file -> {
                file.putNull("normalizer");
                file.putObject("pre_tokenizer")
                        .put("type", "Metaspace")
                        .put("replacement", "▁")
                        .put("prepend_scheme", scheme)
                        .put("split", scheme.equals("always"));
            }));
        }
    }

    @Test
    void shouldEqualAddedTokensOfAllKinds() throws IOException {
        check(fixture(file -> {
            add(file, "<l>", true, "lstrip");
            add(file, "<r>", true, "rstrip");
            add(file, "<image", false, "lstrip", "rstrip");
            add(file, "red", false, "single_word");
            add(file, "colour", false, "normalized");
            add(file, "<n>", true, "normalized", "rstrip");
            add(file, "  ", false);
        }));
    }

    /** Characters that are not tokens, without tokens for their bytes. */
    @Test
    void shouldEqualUnknownCharacters() throws IOException {
        for (boolean fuse : new boolean[] {true, false}) {
            check(fixture(file ->
                    ((ObjectNode) file.get("model")).put("byte_fallback", false).put("fuse_unk", fuse)));
        }
        check(fixture(file -> {
            ObjectNode model = (ObjectNode) file.get("model");
            model.put("byte_fallback", false).put("fuse_unk", false).putNull("unk_token");
        }));
    }

    @Test
    void shouldEqualPairsOfMergesAndWholeWords() throws IOException {
        check(fixture(file -> {
            ObjectNode model = (ObjectNode) file.get("model");
            ArrayNode merges = JSON.createArrayNode();
            for (JsonNode merge : model.get("merges")) {
                ArrayNode pair = merges.addArray();
                if (merge.isArray()) {
                    merge.forEach(pair::add);
                } else {
                    for (String side : merge.textValue().split(" ")) {
                        pair.add(side);
                    }
                }
            }
            model.set("merges", merges);
            model.put("ignore_merges", true);
            file.putObject("pre_tokenizer")
                    .put("type", "Metaspace")
                    .put("replacement", "▁")
                    .put("prepend_scheme", "always");
        }));
    }

    @Test
    void shouldEqualByteLevel() throws IOException {
        check(byteLevel(file -> {}));
        check(byteLevel(file -> ((ObjectNode) file.get("model")).put("ignore_merges", false)));
        for (boolean prefix : new boolean[] {true, false}) {
            check(byteLevel(file -> file.putObject("pre_tokenizer")
                    .put("type", "ByteLevel")
                    .put("add_prefix_space", prefix)
                    .put("trim_offsets", true)
                    .put("use_regex", true)));
        }
        check(byteLevel(file -> {
            ObjectNode split =
                    (ObjectNode) file.get("pre_tokenizer").get("pretokenizers").get(0);
            split.put("behavior", "Removed").put("invert", true);
        }));
    }

    @Test
    void shouldTakeSpecialsOfAByteLevelTokenizerAsTextAsTheReference() throws IOException {
        Tokenizer tokenizer = ours(byteLevel(file -> {}));
        int rows = 0;
        try (InputStream in = getClass().getResourceAsStream("byte-level-goldens.json")) {
            for (JsonNode row : JSON.readTree(in)) {
                String text = row.get("text").textValue();
                assertThat(tokenizer.encode(text)).as(text).isEqualTo(JSON.convertValue(row.get("ids"), int[].class));
                assertThat(tokenizer.encodePlain(text))
                        .as(text)
                        .isEqualTo(JSON.convertValue(row.get("ids_specials_as_text"), int[].class));
                rows++;
            }
        }
        assertThat(rows).isEqualTo(13);
    }

    private static ObjectNode fixture(Consumer<ObjectNode> change) throws IOException {
        ObjectNode file = (ObjectNode)
                JSON.readTree(Fixtures.path("llava-1.5-tiny/tokenizer.json").toFile());
        change.accept(file);
        return file;
    }

    private static ObjectNode byteLevel(Consumer<ObjectNode> change) throws IOException {
        try (InputStream in = TokenizerEqualityTest.class.getResourceAsStream("byte-level.json")) {
            ObjectNode file = (ObjectNode) JSON.readTree(in);
            change.accept(file);
            return file;
        }
    }

    private static void add(ObjectNode file, String content, boolean special, String... flags) {
        ArrayNode added = (ArrayNode) file.get("added_tokens");
        int id = added.get(added.size() - 1).get("id").intValue() + 1;
        ObjectNode token =
                added.addObject().put("id", id).put("content", content).put("special", special);
        for (String flag : List.of("single_word", "lstrip", "rstrip", "normalized")) {
            token.put(flag, Arrays.asList(flags).contains(flag));
        }
    }

    private Tokenizer ours(ObjectNode file) throws IOException {
        Path folder = Files.createTempDirectory(temp, "model");
        ObjectNode config = (ObjectNode)
                JSON.readTree(Fixtures.path("llava-1.5-tiny/config.json").toFile());
        config.put("image_token_index", 0);
        ((ObjectNode) config.get("text_config")).put("vocab_size", 2000);
        JSON.writeValue(folder.resolve("config.json").toFile(), config);
        JSON.writeValue(folder.resolve("tokenizer.json").toFile(), file);
        JSON.writeValue(folder.resolve("generation_config.json").toFile(), Map.of("eos_token_id", 1));
        return Tokenizer.load(ModelFolder.open(folder, Optional.empty()));
    }

    private void check(ObjectNode file) throws IOException {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Tokenizer ours = ours(file);
        Map<String, String> options = Map.of("truncation", "false", "padding", "false");
        try (HuggingFaceTokenizer theirs =
                HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(JSON.writeValueAsBytes(file)), options)) {
            RandomTexts texts = new RandomTexts(random, ours);
            for (int round = 0; round < TEXTS; round++) {
                String text = texts.next();
                int[] ids = ours.encode(text);
                assertThat(ids)
                        .as("seed %d, text <%s>", seed, text)
                        .isEqualTo(ints(theirs.encode(text).getIds()));
                checkDecoding(ours, theirs, ids, seed);
                checkDecoding(ours, theirs, texts.ids(), seed);
            }
        }
    }

    private static void checkDecoding(Tokenizer ours, HuggingFaceTokenizer theirs, int[] ids, long seed) {
        String expected = theirs.decode(Arrays.stream(ids).asLongStream().toArray(), true);
        assertThat(ours.decode(ids))
                .as("seed %d, ids %s", seed, Arrays.toString(ids))
                .isEqualTo(expected);
        Detokenizer detokenizer = new Detokenizer(ours);
        StringBuilder shown = new StringBuilder();
        for (int id : ids) {
            shown.append(detokenizer.add(id));
            assertThat(expected)
                    .as("seed %d, ids %s", seed, Arrays.toString(ids))
                    .startsWith(shown);
        }
        assertThat(shown.append(detokenizer.finish()).toString()).isEqualTo(expected);
    }

    private static int[] ints(long[] ids) {
        return Arrays.stream(ids).mapToInt(Math::toIntExact).toArray();
    }
}
