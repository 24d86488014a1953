package org.llavacluster.modelio.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.config.TestFolder;
import org.llavacluster.modelio.prompt.PromptEncoder;

/** Tokenizers that cannot be used, each with a one-line error that names file and field. */
final class RefusedTokenizersTest {

    @TempDir
    Path temp;

    private TestFolder folder;

    @BeforeEach
    void makeFolder() throws IOException {
        folder = TestFolder.like("llava-1.5-tiny", temp.resolve("model"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        model | null | tokenizer.json: model: missing
        model.type | "Unigram" | tokenizer.json: model.type: "Unigram" is not supported (known: BPE)
        model.dropout | 0.1 | tokenizer.json: model.dropout: is not supported
        model.end_of_word_suffix | "</w>" | tokenizer.json: model.end_of_word_suffix: is not supported
        model.unk_token | "<none>" | tokenizer.json: model.unk_token: is not in the vocabulary
        model.vocab | null | tokenizer.json: model.vocab: missing
        model.vocab | {"a": "b"} | tokenizer.json: model.vocab: must map tokens to ids
        model.vocab | {"a": -1} | tokenizer.json: model.vocab: an id must be from 0 to 16777215, is -1
        model.vocab | {"a": 5, "b": 5} | tokenizer.json: model.vocab: id 5 has two tokens, or its token has two ids
        model.merges | ["a"] | tokenizer.json: model.merges[0]: must name two tokens that form a third
        model.merges | [["t", "no such"]] | tokenizer.json: model.merges[0]: must name two tokens that form a third
        model.merges | {} | tokenizer.json: model.merges: must be a list, is an object
        added_tokens | [{"id": 9}] | tokenizer.json: added_tokens[0].content: missing
        added_tokens | [{"content": "x"}] | tokenizer.json: added_tokens[0].id: missing
        added_tokens | [{"id": 3, "content": "x"}] | tokenizer.json: added_tokens[0].id: id 3 has two tokens, or its token has two ids
        normalizer | {"type": "NFKC"} | tokenizer.json: normalizer.type: "NFKC" is not supported
        normalizer | {"type": "Replace", "content": "x", "pattern": {"Regex": "y"}} | tokenizer.json: normalizer.pattern.String: missing: only plain strings can be replaced
        pre_tokenizer | {"type": "BertPreTokenizer"} | tokenizer.json: pre_tokenizer.type: "BertPreTokenizer" is not supported
        pre_tokenizer | {"type": "Split", "pattern": {"Regex": "("}, "behavior": "Isolated"} | tokenizer.json: pre_tokenizer.pattern.Regex: is not a regular expression that can be read here
        pre_tokenizer | {"type": "Split", "pattern": {"Regex": "a"}, "behavior": "Contiguous"} | tokenizer.json: pre_tokenizer.behavior: "Contiguous" is not supported
        post_processor | {"type": "BertProcessing"} | tokenizer.json: post_processor.type: "BertProcessing" is not supported
        post_processor | {"type": "TemplateProcessing", "single": []} | tokenizer.json: post_processor.single: must contain the text once
        decoder | null | tokenizer.json: decoder: missing
        decoder | {"type": "WordPiece"} | tokenizer.json: decoder.type: "WordPiece" is not supported
        decoder | {"type": "Strip", "content": " ", "start": 1, "stop": 0} | tokenizer.json: decoder.type: "Strip" at this place is not supported
        """)
    void shouldRefuseByFileAndField(String field, String value, String message) throws IOException {
        folder.set("tokenizer.json", field, value.equals("null") ? null : value);

        assertRefused(message);
    }

    @Test
    void shouldRefuseMoreTokensThanRows() throws IOException {
        folder.set("config.json", "text_config.vocab_size", "700");

        assertRefused("tokenizer.json: its tokens need 701 embedding rows, the vocab_size of config.json says 700");
    }

    @Test
    void shouldRefuseAnImageTokenThatIsAnother() throws IOException {
        folder.set("config.json", "image_token_index", "5");
        Tokenizer tokenizer = Tokenizer.load(folder.open());

        assertThatThrownBy(() -> PromptEncoder.of(folder.open(), tokenizer, Optional.empty()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("config.json: image_token_index: is 5, but the tokenizer's id of \"<image>\" is 699");
    }

    private void assertRefused(String message) {
        assertThatThrownBy(() -> Tokenizer.load(folder.open()))
                .isInstanceOf(ModelFormatException.class)
                .satisfies(e -> assertThat(e.getMessage()).isEqualTo(message));
    }
}
