package org.llavacluster.text.prompt;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavacluster.text.Fixtures;
import org.llavacluster.text.prompt.ChatMessage.Part;
import org.llavacluster.text.prompt.ChatMessage.Picture;
import org.llavacluster.text.prompt.ChatMessage.Role;
import org.llavacluster.text.prompt.ChatMessage.Text;

final class JinjaTemplateTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Test
    void shouldRenderTheFixturesTemplatesAsTheReference() throws IOException {
        int rows = 0;
        for (JsonNode row :
                JSON.readTree(Fixtures.path("text-goldens.json").toFile()).get("chat")) {
            String folder = row.get("template").textValue() + "-tiny";
            String template = JSON.readTree(
                            Fixtures.path(folder + "/chat_template.json").toFile())
                    .get("chat_template")
                    .textValue();
            assertThat(render(template, messages(row.get("messages"))))
                    .isEqualTo(row.get("prompt").textValue());
            rows++;
        }
        assertThat(rows).isEqualTo(6);
    }

    /** Rows of jinja-goldens.json, which make_jinja_goldens.py beside it wrote with Python's jinja2 set up as transformers does. */
    @Test
    void shouldRenderOtherTemplatesAsJinja2() throws IOException {
        try (InputStream in = getClass().getResourceAsStream("jinja-goldens.json")) {
            int rows = 0;
            for (JsonNode row : JSON.readTree(in)) {
                String name = row.get("name").textValue();
                assertThat(render(row.get("template").textValue(), messages(row.get("messages"))))
                        .as(name)
                        .isEqualTo(row.get("prompt").textValue());
                rows++;
            }
            assertThat(rows).isGreaterThan(20);
        }
    }

    private static String render(String template, List<ChatMessage> messages) {
        Map<String, String> tokens = Map.of("bos_token", "<s>", "eos_token", "</s>");
        return new JinjaTemplate("chat_template.json", template, tokens, "<image>").render(messages);
    }

    private static List<ChatMessage> messages(JsonNode list) {
        List<ChatMessage> messages = new ArrayList<>();
        for (JsonNode message : list) {
            List<Part> parts = new ArrayList<>();
            if (message.get("content").isTextual()) {
                parts.add(new Text(message.get("content").textValue()));
            } else {
                for (JsonNode part : message.get("content")) {
                    boolean text = part.get("type").textValue().equals("text");
                    parts.add(text ? new Text(part.get("text").textValue()) : new Picture());
                }
            }
            messages.add(
                    new ChatMessage(Role.valueOf(message.get("role").textValue().toUpperCase(Locale.ROOT)), parts));
        }
        return messages;
    }
}
