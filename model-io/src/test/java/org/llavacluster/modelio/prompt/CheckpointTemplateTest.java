package org.llavacluster.modelio.prompt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.modelio.Fixtures;
import org.llavacluster.modelio.config.ModelFormatException;
import org.llavacluster.modelio.jinja.Rope;
import org.llavacluster.modelio.prompt.ChatMessage.Image;
import org.llavacluster.modelio.prompt.ChatMessage.Part;
import org.llavacluster.modelio.prompt.ChatMessage.Role;
import org.llavacluster.modelio.prompt.ChatMessage.Text;

final class CheckpointTemplateTest {

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

    /** Rows of jinja-goldens.json, written by make_jinja_goldens.py with Python's jinja2 set up as in transformers. */
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
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Image(), new Text("What {{ is }} this?")));

        assertThat(render(template, List.of(message))).isEqualTo("user: <image>\nWhat {{ is }} this?\n");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
        {{ ''.__class__.__mro__ }}         # line 1, column 16: access to attribute '__class__' of 'str' object is unsafe (security error)
        {{ messages.append(1) }}           # line 1, column 19: access to attribute 'append' of 'list' object is unsafe (security error)
        {{ raise_exception('only pairs') }} # refuses every conversation: only pairs
        {{ messages|unknown_filter }}      # line 1, column 13: No filter named 'unknown_filter'. (syntax error)
        {{ messages is unknown_test }}     # line 1, column 13: No test named 'unknown_test'. (syntax error)
        {{ messages                        # line 1, column 12: unexpected end of template, expected 'end of print statement'. (syntax error)
        {% include 'x' %}                  # line 1, column 4: 'include': there is no other template (type error)
        {{ unknown_function() }}           # line 1, column 20: 'unknown_function' is undefined (undefined error)
        {{ 9 ** (9 ** 9) }}                # line 1, column 6: makes an integer of more than 1048576 bits (limit error)
        """)
    void shouldRefuseAtLoadWhatNoConversationCanPass(String template, String message) {
        assertThatThrownBy(() -> template("chat_template.json", template))
                .isInstanceOf(ModelFormatException.class)
                .hasMessage("chat_template.json: chat_template: " + message);
    }

    @Test
    void shouldSayWhatTheTemplateRefuses() {
        String template = "{% if messages | length > 1 %}{{ raise_exception('one at a time') }}{% endif %}ok";
        CheckpointTemplate jinja = template("f", template);
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Text("Hello")));

        assertThat(jinja.render(List.of(message)).text()).isEqualTo("ok");
        assertThatThrownBy(() -> jinja.render(List.of(message, message)))
                .isInstanceOf(PromptException.class)
                .hasMessage("messages: the model's chat template refuses them: one at a time");
    }

    @Test
    void shouldNotRepeatWhatSomeoneTyped() {
        CheckpointTemplate refusing = template(
                "f",
                "{% if messages | length > 1 %}"
                        + "{{ raise_exception('bad: ' + messages[1].content[0].text|upper ~ '!') }}{% endif %}");
        CheckpointTemplate failing = template(
                "f", "{% if messages | length > 1 %}\n" + "{{ {}[messages[1].content[0].text].x }}{% endif %}");
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Text("my secret")));

        assertThatThrownBy(() -> refusing.render(List.of(message, message)))
                .hasMessage("messages: the model's chat template refuses them: bad: …!");
        assertThatThrownBy(() -> failing.render(List.of(message, message)))
                .hasMessage("messages: the model's chat template fails at line 2, column 35: "
                        + "dict object has no such element (undefined error)");
    }

    /** Names that a template takes from the conversation: of filters, tests, attributes, arguments and encodings. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1]|map(p)|list",
                "[1]|select(p)|list",
                "[1]|selectattr('real', p)|list",
                "[1]|map(**{p: 1})|list",
                "[1]|map(attribute='real', **{p: 1})|list",
                "(1|attr(p)).x",
                "(1|attr('__' ~ p)).x",
                "1[p].x",
                "('{0.' ~ p ~ '.x}').format(1)",
                "m(**{p: 1})",
                "range(**{p: 1})",
                "1|tojson(**{p: 1})",
                "strftime_now(**{p: 1})",
                "('%' ~ p) % 1",
                "('{:' ~ p ~ '}').format(1)",
                "('{' ~ p ~ '}').format(1)",
                "'é'.encode(p)",
                "p|int + p",
                "{}[p].x",
                "raise_exception(p)"
            })
    void shouldNotRepeatNamesThatSomeoneTyped(String expression) {
        CheckpointTemplate template = template(
                "f",
                "{% macro m() %}{% endmacro %}{% if messages | length > 1 %}"
                        + "{% set p = messages[1].content[0].text %}{{ " + expression + " }}{% endif %}");
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Text("Qsecret")));

        assertThatThrownBy(() -> template.render(List.of(message, message)))
                .isInstanceOf(PromptException.class)
                .satisfies(e -> assertThat(e.getMessage()).doesNotContain("Q").doesNotContain("secret"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dict(**{p: 1})|list|first",
                "m(**{p: 1})",
                "namespace(**{p: 1})",
                "'%s'|format(p)",
                "('{:' ~ p[0] ~ '>9}').format('')"
            })
    void shouldRememberWhoTypedTheNamesOfArguments(String expression) {
        CheckpointTemplate template = template(
                "f",
                "{% macro m() %}{{ kwargs|list|first }}{% endmacro %}{% if messages | length > 1 %}"
                        + "{% set p = messages[1].content[0].text %}{{ " + expression + " }}{% endif %}");
        ChatMessage message = new ChatMessage(Role.USER, List.of(new Text("Qsecret")));

        Rope rendered = template.render(List.of(message, message));

        int at = rendered.text().indexOf('Q');
        assertThat(at).isNotNegative();
        assertThat(rendered.hasUserText(at, at + 1)).isTrue();
    }

    @Test
    void shouldWriteTheDateThatTheClockShows() {
        CheckpointTemplate dated = new CheckpointTemplate(
                "f", "{{ strftime_now('%d %b %Y') }}", Map.of(), "<image>", () -> LocalDateTime.of(2025, 3, 7, 9, 5));

        assertThat(dated.render(List.of()).text()).isEqualTo("07 Mar 2025");
    }

    private static CheckpointTemplate template(String source, String template) {
        Map<String, String> tokens = Map.of("bos_token", "<s>", "eos_token", "</s>");
        return new CheckpointTemplate(source, template, tokens, "<image>", LocalDateTime::now);
    }

    private static String render(String template, List<ChatMessage> messages) {
        return template("chat_template.json", template).render(messages).text();
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
                    parts.add(text ? new Text(part.get("text").textValue()) : new Image());
                }
            }
            messages.add(
                    new ChatMessage(Role.valueOf(message.get("role").textValue().toUpperCase(Locale.ROOT)), parts));
        }
        return messages;
    }
}
