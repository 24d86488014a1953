package org.llavacluster.modelio.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Renderings of transformers 5.18.0 (jinja2 3.1.6, markupsafe 3.0.3, Python 3.11). Each case runs twice: with strings
 * of the template and with strings of a user.
 */
final class JinjaGoldensTest {

    /**
     * Deliberate differences: {@code lipsum} is random; a slice of a constant {@code none} fails like that of a
     * variable.
     */
    private static final Set<String> WAIVED = Set.of("globals-004", "subscript-slice-007");

    private static final LocalDateTime NOW = LocalDateTime.of(2025, 1, 1, 0, 0);

    private record Golden(String name, String template, JsonNode row) {
        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Golden> micro() throws IOException {
        JsonNode file = read("micro.json");
        return rows(file)
                .map(row -> new Golden(
                        row.get("name").textValue(), row.get("template").textValue(), row))
                .filter(golden -> !WAIVED.contains(golden.name()));
    }

    static Stream<Golden> whole() throws IOException {
        JsonNode file = read("whole.json");
        return rows(file)
                .map(row -> new Golden(
                        row.get("name").textValue(),
                        file.get("templates")
                                .get(row.get("template").textValue())
                                .textValue(),
                        row));
    }

    /** Found by comparing generated templates with the reference. */
    static Stream<Golden> found() throws IOException {
        return rows(read("found.json"))
                .map(row -> new Golden(
                        row.get("name").textValue(), row.get("template").textValue(), row));
    }

    private static JsonNode read(String file) throws IOException {
        try (InputStream in = JinjaGoldensTest.class.getResourceAsStream(file)) {
            return new ObjectMapper().readTree(in);
        }
    }

    private static Stream<JsonNode> rows(JsonNode file) {
        List<JsonNode> rows = new ArrayList<>();
        file.get("cases").forEach(rows::add);
        return rows.stream();
    }

    @Test
    void shouldHoldEveryCase() throws IOException {
        assertThat(micro()).hasSize(640 - WAIVED.size());
        assertThat(whole()).hasSize(91);
    }

    @ParameterizedTest
    @MethodSource({"micro", "whole", "found"})
    void shouldRenderAsTheReference(Golden golden) {
        check(golden, false);
        check(golden, true);
    }

    private static void check(Golden golden, boolean user) {
        JsonNode row = golden.row();
        if (row.has("error")) {
            TemplateException failure = catchThrowableOfType(TemplateException.class, () -> rendered(golden, user));
            assertThat(failure).as("a failure: %s", row.get("message")).isNotNull();
            assertThat(failure.kind()).hasToString(row.get("error_kind").textValue());
            failure.raised().ifPresent(raised -> assertThat(raised.text())
                    .isEqualTo(row.get("message").textValue()));
            return;
        }
        JinjaTemplate.Rendered rendered = rendered(golden, user);
        assertThat(rendered.text().text()).isEqualTo(row.get("expected").textValue());
        if (row.has("generation_indices")) {
            assertThat(generations(rendered)).isEqualTo(pairs(row.get("generation_indices")));
        }
    }

    private static JinjaTemplate.Rendered rendered(Golden golden, boolean user) {
        Map<String, Object> context = new HashMap<>();
        golden.row()
                .get("context")
                .properties()
                .forEach(entry -> context.put(
                        entry.getKey(),
                        JinjaValues.json(entry.getValue(), user ? JinjaValues::userText : JinjaValues::text)));
        LocalDateTime now = golden.row().has("now")
                ? LocalDateTime.parse(golden.row().get("now").textValue())
                : NOW;
        return JinjaTemplate.compile(golden.template()).render(context, () -> now);
    }

    private static List<List<Integer>> generations(JinjaTemplate.Rendered rendered) {
        return rendered.generations().stream()
                .map(span -> {
                    int start = rendered.text().codePoint(span.start());
                    return List.of(start, start + span.length());
                })
                .toList();
    }

    private static List<List<Integer>> pairs(JsonNode node) {
        List<List<Integer>> pairs = new ArrayList<>();
        node.forEach(
                pair -> pairs.add(List.of(pair.get(0).intValue(), pair.get(1).intValue())));
        return pairs;
    }
}
