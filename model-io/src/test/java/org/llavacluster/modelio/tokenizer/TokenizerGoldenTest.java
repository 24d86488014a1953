package org.llavacluster.modelio.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.answer.Detokenizer;
import org.llavacluster.modelio.config.ModelFolder;

/** Rows of text-goldens.json, written by Hugging Face's tokenizers. */
final class TokenizerGoldenTest {

    private final Tokenizer tokenizer = Tokenizer.load(Fixtures.model("llava-1.5-tiny"));

    @Test
    void shouldEncodeAsTheReference() throws IOException {
        for (JsonNode row : rows()) {
            assertThat(tokenizer.encode(row.get("text").textValue())).isEqualTo(ids(row.get("ids")));
        }
    }

    @Test
    void shouldEncodeSpecialsAsTextAsTheReference() throws IOException {
        for (JsonNode row : rows()) {
            int[] withBos = ids(row.get("ids_specials_as_text"));
            assertThat(tokenizer.encodePlain(row.get("text").textValue()))
                    .isEqualTo(Arrays.copyOfRange(withBos, 1, withBos.length));
        }
    }

    @Test
    void shouldDecodeEveryPrefixAsTheReference() throws IOException {
        int prefixes = 0;
        for (JsonNode row : rows()) {
            int[] ids = ids(row.get("ids"));
            assertThat(tokenizer.decode(ids)).isEqualTo(row.get("decoded").textValue());
            for (int i = 0; i < row.get("decoded_prefixes").size(); i++) {
                int[] prefix = Arrays.copyOf(ids, i + 1);
                String expected = row.get("decoded_prefixes").get(i).textValue();
                assertThat(tokenizer.decode(prefix)).isEqualTo(expected);
                assertThat(pieces(prefix)).isEqualTo(expected);
                prefixes++;
            }
        }
        assertThat(prefixes).isGreaterThan(80);
    }

    /** The switch decides whether the text after a special token gets a leading space. */
    @Test
    void shouldFollowTheLegacySwitch() {
        ModelFolder folder = Fixtures.model("llava-1.5-tiny");
        int space = tokenizer.idOf("▁");
        int newline = 13;

        assertThat(Tokenizer.load(folder, Optional.of(true)).encode("<image>\n"))
                .containsExactly(1, 699, space, newline);
        assertThat(Tokenizer.load(folder, Optional.of(false)).encode("<image>\n"))
                .containsExactly(1, 699, newline);
        assertThat(Tokenizer.load(folder, Optional.of(false)).encode("\n<image>"))
                .containsExactly(1, space, newline, 699);
    }

    private String pieces(int[] ids) {
        Detokenizer detokenizer = new Detokenizer(tokenizer);
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
            text.append(detokenizer.add(id));
        }
        return text.append(detokenizer.finish()).toString();
    }

    private static List<JsonNode> rows() throws IOException {
        JsonNode goldens =
                new ObjectMapper().readTree(Fixtures.path("text-goldens.json").toFile());
        List<JsonNode> rows = new ArrayList<>();
        goldens.get("tokenizer").forEach(rows::add);
        assertThat(rows).hasSizeGreaterThan(10);
        return rows;
    }

    private static int[] ids(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false)
                .mapToInt(JsonNode::intValue)
                .toArray();
    }
}
