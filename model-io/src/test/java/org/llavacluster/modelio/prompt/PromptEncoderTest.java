package org.llavacluster.modelio.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.config.TestFolder;
import org.llavacluster.modelio.prompt.ChatMessage.Image;
import org.llavacluster.modelio.prompt.ChatMessage.Part;
import org.llavacluster.modelio.prompt.ChatMessage.Role;
import org.llavacluster.modelio.prompt.ChatMessage.Text;
import org.llavacluster.modelio.tokenizer.Tokenizer;

final class PromptEncoderTest {

    private static final int IMAGE = 699;

    @TempDir
    Path temp;

    private final ModelFolder folder = Fixtures.model("llava-1.5-tiny");
    private final Tokenizer tokenizer = Tokenizer.load(folder);
    private final PromptEncoder encoder = PromptEncoder.of(folder, tokenizer, Optional.empty());

    /** Rows of each fixture's goldens.json: input_ids with the image token once per row of the image. */
    @Test
    void shouldEncodeRawPromptsAsTheReference() throws IOException {
        for (String name : List.of("llava-1.5-tiny", "llava-1.5-tiny-bf16-sharded", "llava-1.6-tiny")) {
            ModelFolder model = Fixtures.model(name);
            PromptEncoder raw = PromptEncoder.of(model, tokenizer, Optional.empty());
            JsonNode goldens = new ObjectMapper()
                    .readTree(Fixtures.path(name + "/goldens.json").toFile());
            for (JsonNode row : goldens.get("cases")) {
                List<Integer> expected = new ArrayList<>();
                row.get("input_ids").forEach(id -> {
                    boolean repeated = !expected.isEmpty() && expected.getLast() == IMAGE && id.intValue() == IMAGE;
                    if (!repeated) {
                        expected.add(id.intValue());
                    }
                });
                Prompt prompt = raw.encodeRaw(row.get("prompt").textValue());
                assertThat(ids(prompt)).as(row.get("name").textValue()).isEqualTo(expected);
                assertThat(prompt.images()).isEqualTo(row.get("images").size());
            }
        }
    }

    @Test
    void shouldEncodeTheTextThatTheTemplateWrites() {
        Prompt prompt = encoder.encode(List.of(user(new Image(), new Text("What is this?"))));

        assertThat(ids(prompt)).isEqualTo(whole("USER: <image>\nWhat is this? ASSISTANT:"));
        assertThat(prompt.segments()).hasSize(3);
        assertThat(prompt.segments().get(1)).isEqualTo(new Prompt.Image(0));
    }

    @Test
    void shouldNumberImagesInReadingOrder() {
        Prompt prompt = encoder.encode(List.of(
                user(new Image(), new Image(), new Text("a")),
                new ChatMessage(Role.ASSISTANT, List.of(new Text("b"))),
                user(new Image())));

        assertThat(prompt.segments().stream().filter(Prompt.Image.class::isInstance))
                .containsExactly(new Prompt.Image(0), new Prompt.Image(1), new Prompt.Image(2));
    }

    @Test
    void shouldKeepSpecialTokensInAnyonesTextAsText() {
        for (Role role : Role.values()) {
            Prompt prompt = encoder.encode(List.of(
                    new ChatMessage(role, List.of(new Text("</s><image><s> <pad><unk>"))), user(new Text("x"))));

            assertThat(prompt.images()).isZero();
            assertThat(ids(prompt).subList(1, ids(prompt).size())).doesNotContain(0, 1, 2, IMAGE, 700);
            assertThat(text(prompt)).contains("</s><image><s> <pad><unk>");
        }
    }

    /** The template joins texts directly, so a token could arise that is in none of them. */
    @Test
    void shouldNotMakeASpecialTokenOfSeveralTexts() throws IOException {
        ModelFolder next = Fixtures.model("llava-1.6-tiny");
        PromptEncoder joining = PromptEncoder.of(next, tokenizer, Optional.empty());

        Prompt prompt = joining.encode(List.of(user(new Text("<ima"), new Text("ge></"), new Text("s>"))));

        assertThat(ids(prompt).subList(1, ids(prompt).size())).doesNotContain(2, IMAGE);
        assertThat(text(prompt)).isEqualTo("[INST] <image></s> [/INST]");
    }

    /** A token of which only some characters are the template's is not special. */
    @Test
    void shouldNotMakeASpecialTokenOfTheTemplatesTextAndAUsers() throws IOException {
        ModelFolder model = TestFolder.like("llava-1.5-tiny", temp.resolve("model"))
                .write("chat_template.json", "{\"chat_template\": \"{{ '<' + messages[0].content[0].text + 's>' }}\"}")
                .open();
        PromptEncoder joining = PromptEncoder.of(model, tokenizer, Optional.empty());

        Prompt prompt = joining.encode(List.of(user(new Text("/"))));

        assertThat(ids(prompt).subList(1, ids(prompt).size())).doesNotContain(1, 2);
        assertThat(text(prompt)).isEqualTo("</s>");
    }

    @Test
    void shouldKeepOddTexts() {
        String odd = "\uDC00\uDC01x\uD800<image>\uDBFF\uDC00 \uE000";

        Prompt prompt = encoder.encode(List.of(user(new Text(odd))));

        assertThat(text(prompt)).isEqualTo("USER: ��x�<image>\uDBFF\uDC00 \uE000 ASSISTANT:");
    }

    @Test
    void shouldTokenizeTextWithoutSpecialTokensAsTheWhole() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        String alphabet = " abtThe<>/s\n▁é🦙{}%";
        for (int round = 0; round < 2_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(20); i >= 0; i--) {
                int at = random.nextInt(alphabet.codePointCount(0, alphabet.length()));
                text.appendCodePoint(alphabet.codePointAt(alphabet.offsetByCodePoints(0, at)));
            }
            String typed = text.toString().replaceAll("</?s>", "");
            Prompt prompt = encoder.encode(List.of(user(new Image(), new Text(typed))));

            assertThat(ids(prompt))
                    .as("seed %d, %s", seed, typed)
                    .isEqualTo(whole("USER: <image>\n" + typed + " ASSISTANT:"));
        }
    }

    @Test
    void shouldRefuseWhatTheTemplateCannotShow() {
        assertThatThrownBy(() -> encoder.encode(List.of()))
                .isInstanceOf(PromptException.class)
                .hasMessage("messages: must not be empty");

        PromptEncoder next = PromptEncoder.of(Fixtures.model("llava-1.6-tiny"), tokenizer, Optional.empty());
        List<ChatMessage> hidden =
                List.of(user(new Text("a")), new ChatMessage(Role.ASSISTANT, List.of(new Image())), user(new Image()));
        assertThatThrownBy(() -> next.encode(hidden))
                .isInstanceOf(PromptException.class)
                .hasMessage("messages: the chat template renders only 1 of the 2 images");
    }

    @Test
    void shouldUseAnOriginalTemplateByName() {
        PromptEncoder vicuna = PromptEncoder.of(folder, tokenizer, Optional.of("vicuna_v1"));

        assertThat(text(vicuna.encode(List.of(user(new Image(), new Text("Q1"))))))
                .isEqualTo("A chat between a curious user and an artificial intelligence assistant. The assistant gives"
                        + " helpful, detailed, and polite answers to the user's questions. USER:  \nQ1 ASSISTANT:");
        assertThatThrownBy(() -> PromptEncoder.of(folder, tokenizer, Optional.of("nope")))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("chat template \"nope\" is not known (known: vicuna_v1, llava_v1");
    }

    @Test
    void shouldStopAtTheTemplatesEndMarks() {
        assertThat(encoder.stops()).isEmpty();
        assertThat(encoder.endIds()).containsExactly(2);
        assertThat(PromptEncoder.of(folder, tokenizer, Optional.of("llava_v0")).stops())
                .containsExactly("###");
    }

    private static ChatMessage user(Part... parts) {
        return new ChatMessage(Role.USER, List.of(parts));
    }

    private List<Integer> whole(String text) {
        return Arrays.stream(tokenizer.encode(text)).boxed().toList();
    }

    private static List<Integer> ids(Prompt prompt) {
        return prompt.segments().stream()
                .flatMapToInt(segment -> switch (segment) {
                    case Prompt.Tokens tokens -> Arrays.stream(tokens.ids());
                    case Prompt.Image _ -> IntStream.of(IMAGE);
                })
                .boxed()
                .toList();
    }

    private String text(Prompt prompt) {
        return tokenizer.decode(ids(prompt).stream().mapToInt(Integer::intValue).toArray());
    }
}
