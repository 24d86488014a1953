package org.llavacluster.modelio.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.config.TestFolder;
import org.llavacluster.modelio.prompt.ChatMessage.Image;
import org.llavacluster.modelio.prompt.ChatMessage.Role;
import org.llavacluster.modelio.prompt.ChatMessage.Text;
import org.llavacluster.modelio.tokenizer.Tokenizer;

/**
 * The original layout, where an image is not a token: its code splits the text at images and encodes each part on its
 * own.
 */
final class OriginalPromptTest {

    @TempDir
    Path temp;

    private Tokenizer tokenizer;
    private PromptEncoder encoder;

    @BeforeEach
    void makeFolder() throws IOException {
        TestFolder clip =
                TestFolder.empty(temp.resolve("clip")).write("config.json", "{\"model_type\": \"clip_vision_model\"}");
        TestFolder model = TestFolder.like("llava-1.5-tiny", temp.resolve("llava-v1.5-tiny"))
                .delete("chat_template.json")
                .write("config.json", """
                    {"model_type": "llava_llama", "mm_vision_tower": "somewhere", "mm_hidden_size": 768,
                     "vocab_size": 704, "hidden_size": 64, "num_attention_heads": 4}
                    """);
        ModelFolder folder = ModelFolder.open(model.path(), Optional.of(clip.path()));
        tokenizer = Tokenizer.load(folder);
        encoder = PromptEncoder.of(folder, tokenizer, Optional.empty());
    }

    @Test
    void shouldTokenizePartByPart() {
        Prompt prompt = encoder.encodeRaw("USER: <image>\nWhat?<image><image> ASSISTANT:");

        assertThat(prompt.segments()).hasSize(6);
        assertThat(ids(prompt)).isEqualTo(joined(List.of("USER: ", "\nWhat?", "", " ASSISTANT:")));
        assertThat(prompt.images()).isEqualTo(3);
    }

    @Test
    void shouldTakeTheTemplateOfTheFoldersName() {
        Prompt prompt = encoder.encode(List.of(
                new ChatMessage(Role.USER, List.of(new Text("Is it <image></s>?"), new Image())),
                new ChatMessage(Role.ASSISTANT, List.of(new Text("Yes."))),
                new ChatMessage(Role.USER, List.of(new Text("Why?")))));

        List<Integer> ids = ids(prompt);
        assertThat(prompt.images()).isEqualTo(1);
        assertThat(ids.stream().filter(id -> id == 2)).hasSize(1);
        assertThat(ids.subList(0, ids.indexOf(-200)))
                .isEqualTo(joined(List.of("A chat between a curious human and an artificial intelligence assistant. The"
                        + " assistant gives helpful, detailed, and polite answers to the human's questions. USER: ")));
        int[] after = ids.subList(ids.indexOf(-200) + 1, ids.size()).stream()
                .mapToInt(Integer::intValue)
                .toArray();
        assertThat(tokenizer.decode(after)).isEqualTo("\nIs it <image></s>? ASSISTANT: Yes. USER: Why? ASSISTANT:");
    }

    /** One BOS, the parts without theirs, and -200 between them. */
    private List<Integer> joined(List<String> parts) {
        List<Integer> ids = new ArrayList<>(List.of(1));
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                ids.add(-200);
            }
            int[] part = tokenizer.encode(parts.get(i));
            Arrays.stream(part, 1, part.length).forEach(ids::add);
        }
        return ids;
    }

    private static List<Integer> ids(Prompt prompt) {
        return prompt.segments().stream()
                .flatMapToInt(segment -> switch (segment) {
                    case Prompt.Tokens tokens -> Arrays.stream(tokens.ids());
                    case Prompt.Image _ -> IntStream.of(-200);
                })
                .boxed()
                .toList();
    }
}
