package org.llavacluster.modelio.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.llavacluster.fuzz.ByteMutator;
import org.llavacluster.fuzz.FuzzBounds;
import org.llavacluster.fuzz.FuzzRun;
import org.llavacluster.fuzz.TextMutator;

/** Chat templates that nobody meant: each renders or fails as a template, within what a template may use. */
@Tag("fuzz")
class TemplateFuzzTest {

    private static final LocalDateTime NOW = LocalDateTime.of(2025, 1, 1, 0, 0);
    private static final int LONGEST = 20_000;

    /** The work that a rendering may do is some seconds at most. */
    private static final FuzzBounds BOUNDS = new FuzzBounds(Duration.ofSeconds(20), 8L << 30);

    private static final List<String> WORDS = List.of(
            "{{",
            "}}",
            "{%",
            "%}",
            "{#",
            "#}",
            "{%-",
            "-%}",
            "for",
            "in",
            "if",
            "elif",
            "else",
            "endif",
            "endfor",
            "set",
            "endset",
            "macro",
            "endmacro",
            "call",
            "endcall",
            "filter",
            "endfilter",
            "block",
            "endblock",
            "raw",
            "endraw",
            "generation",
            "endgeneration",
            "break",
            "continue",
            "recursive",
            "loop",
            "namespace",
            "range",
            "dict",
            "cycler",
            "joiner",
            "lipsum",
            "messages",
            "message",
            "role",
            "content",
            "|",
            "~",
            "**",
            "//",
            "%",
            "==",
            "is",
            "not",
            "and",
            "or",
            "(",
            ")",
            "[",
            "]",
            "{",
            "}",
            ".",
            ",",
            ":",
            "=",
            "'",
            "\"",
            "\\",
            "\\u0000",
            "|tojson",
            "|join",
            "|map",
            "|select",
            "|groupby",
            "|sort",
            "|batch",
            "|slice",
            "|indent",
            "|wordwrap",
            "|format",
            "|replace",
            "|upper",
            "|reverse",
            "|list",
            "|string",
            "|int",
            "|float",
            "|default",
            "|sum",
            "|unique",
            "|xmlattr",
            "|urlize",
            "|truncate",
            ".split",
            ".format",
            ".strip",
            ".join",
            ".items",
            ".get",
            ".append",
            ".__class__",
            "strftime_now",
            "raise_exception",
            "none",
            "true",
            "-1",
            "999999999",
            "1e308",
            " ",
            "\n");

    private final TextMutator tokens;
    private final ByteMutator bytes;
    private final List<Map<String, Object>> contexts;

    TemplateFuzzTest() {
        List<String> seeds = new ArrayList<>();
        JsonNode micro = read("micro.json");
        rows(micro).forEach(row -> seeds.add(row.get("template").textValue()));
        read("whole.json").get("templates").forEach(template -> seeds.add(template.textValue()));
        tokens = new TextMutator(seeds, WORDS, LONGEST);
        bytes = new ByteMutator(
                seeds.stream()
                        .map(seed -> seed.getBytes(StandardCharsets.UTF_8))
                        .toList(),
                WORDS,
                LONGEST);
        contexts = List.of(
                Map.of(),
                Map.of(
                        "messages",
                        JinjaValues.list(List.of(
                                message("system", "be brief"), message("user", "what?"), message("assistant", "that"))),
                        "bos_token",
                        JinjaValues.text("<s>"),
                        "eos_token",
                        JinjaValues.text("</s>"),
                        "add_generation_prompt",
                        true));
    }

    @Test
    void shouldRenderOrRefuseAnyTemplate() {
        new FuzzRun("template", 4000, BOUNDS).check(this::template, this::render);
    }

    private byte[] template(Random random) {
        return random.nextInt(4) == 0 ? bytes.next(random) : tokens.next(random);
    }

    private void render(byte[] input) {
        try {
            JinjaTemplate template = JinjaTemplate.compile(new String(input, StandardCharsets.UTF_8));
            for (Map<String, Object> context : contexts) {
                renderWith(template, context);
            }
        } catch (TemplateException e) {
            check(e);
        }
    }

    private static void renderWith(JinjaTemplate template, Map<String, Object> context) {
        try {
            JinjaTemplate.Rendered rendered = template.render(context, () -> NOW);
            assertThat(rendered.text().text()).isNotNull();
        } catch (TemplateException e) {
            check(e);
        }
    }

    private static void check(TemplateException e) {
        assertThat(e.kind()).isNotNull();
        if (e.kind() != TemplateException.Kind.RAISED) {
            assertThat(e.problem()).isNotBlank().doesNotContain("\n");
        }
    }

    private static Object message(String role, String content) {
        return JinjaValues.dict(Map.of("role", JinjaValues.userText(role), "content", JinjaValues.userText(content)));
    }

    private static JsonNode read(String name) {
        try (InputStream file = TemplateFuzzTest.class.getResourceAsStream(name)) {
            return new ObjectMapper().readTree(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Iterable<JsonNode> rows(JsonNode file) {
        return file.isArray() ? file : file.get("cases");
    }
}
