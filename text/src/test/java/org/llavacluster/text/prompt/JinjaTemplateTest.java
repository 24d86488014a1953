package org.llavacluster.text.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.text.Fixtures;
import org.llavacluster.text.config.ModelFormatException;
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

    @Test
    void shouldGiveStringsToTemplatesThatTakeThem() {
        String template = "{% for m in messages %}{{ m['role'] + ': ' + m['content'] + '\n' }}{% endfor %}";
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Picture(), new Text("What {{ is }} this?")));

        assertThat(render(template, List.of(message))).isEqualTo("user: <image>\nWhat {{ is }} this?\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                    {{ ''.getClass() }} | calls getclass(), which is not supported
                    {{ messages.getClass().forName('java.lang.Runtime') }} | calls getclass(), which is not supported
                    {{ messages[0].put('role', 'x') }} | calls put(), which is not supported
                    {{ strftime_now('%Y') }} | calls strftime_now, which is not supported
                    {{ raise_exception('only pairs') }} | refuses them: only pairs
                    {{ messages!unknown_filter }} | uses the filter "unknown_filter", which is not supported
                    {% if messages is unknown_test %}{% endif %} | uses the test "unknown_test", which is not supported
                    {% if messages %} | fails at its line 1: SYNTAX_ERROR
                    {{ messages | has a tag without an end
                    {% include 'x' %} | fails at its line -1: DISABLED
                    {{ unknown_function() }} | fails at its line 1: SYNTAX_ERROR
                    """)
    void shouldRefuseTemplatesThatReachForMore(String template, String message) {
        assertThatThrownBy(() -> render(template.replace('!', '|'), List.of()))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("chat_template.json: chat_template: the model's chat template " + message);
    }

    @Test
    void shouldReachNoPropertiesOfJavaObjects() {
        assertThat(render("{{ ''.class }}{{ messages.class }}{{ messages.size }}{{ ''['class'] }}", List.of()))
                .isEmpty();
    }

    @Test
    void shouldSayWhatTheTemplateRefuses() {
        String template = "{% if messages | length > 1 %}{{ raise_exception('one at a time') }}{% endif %}ok";
        JinjaTemplate jinja = new JinjaTemplate("f", template, Map.of(), "<image>");
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Text("Hello")));

        assertThat(jinja.render(List.of(message))).isEqualTo("ok");
        assertThatThrownBy(() -> jinja.render(List.of(message, message)))
                .isInstanceOf(PromptException.class)
                .hasMessage("messages: the model's chat template refuses them: one at a time");
    }

    @Test
    void shouldNotRepeatWhatSomeoneTyped() {
        String template =
                "{% if messages | length > 1 %}{{ raise_exception('bad: ' + messages[1].content[0].text) }}{% endif %}";
        JinjaTemplate jinja = new JinjaTemplate("f", template, Map.of(), "<image>");
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Text("my secret")));

        assertThatThrownBy(() -> jinja.render(List.of(message, message)))
                .hasMessage("messages: the model's chat template refuses them");
    }

    @Test
    void shouldBoundWorkAndOutput() {
        String loops = "{% for m in messages %}".repeat(8) + "{% for i in range(999) %}{% for i in range(999) %}"
                + "{% for i in range(999) %}x{% endfor %}{% endfor %}{% endfor %}" + "{% endfor %}".repeat(8);
        assertThatThrownBy(() -> new JinjaTemplate("f", loops, Map.of(), "<image>", 1_000))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("f: chat_template: the model's chat template renders more than 1000 nodes");

        String grows =
                "{% set ns = namespace(t='x') %}{% for i in range(40) %}{% set ns.t = ns.t + ns.t %}{% endfor %}{{ ns.t }}";
        assertThatThrownBy(() -> new JinjaTemplate("f", grows, Map.of(), "<image>"))
                .isInstanceOf(ModelFormatException.class)
                .hasMessageStartingWith("f: chat_template: the model's chat template fails");
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
