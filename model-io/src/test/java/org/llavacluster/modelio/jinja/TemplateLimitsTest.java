package org.llavacluster.modelio.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.modelio.jinja.TemplateException.Kind;

/**
 * Limits of templates on time, memory and stack, and the positions of their failures.
 *
 * <p>Holds the limits {@code FixedLimits.TEMPLATE_WORK}, {@code FixedLimits.TEMPLATE_STRING}, {@code
 * FixedLimits.TEMPLATE_PARTS}, {@code FixedLimits.TEMPLATE_INTEGER_BITS}, {@code
 * FixedLimits.TEMPLATE_INTEGER_DIGITS}, {@code FixedLimits.TEMPLATE_RANGE}, {@code FixedLimits.TEMPLATE_LOOPS} and
 * {@code FixedLimits.TEMPLATE_CALLS}.
 */
final class TemplateLimitsTest {

    @Test
    void shouldSayWhatFailedInOneLine() {
        assertThat(failure("{% set names = {} %}{{ names['a\\n\\u2028b'].c }}").getMessage())
                .endsWith("'dict object' has no attribute 'a b'");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ 'ab' * 9999999999 }}",
                "{{ 'ab' * 9999999 * 9 }}",
                "{{ 9 ** (9 ** 9) }}",
                "{% set ns = namespace(n=3) %}{% for i in range(60) %}{% set ns.n = ns.n * ns.n %}{% endfor %}",
                "{% set ns = namespace(t='x') %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}{{"
                        + " ns.t }}",
                "{% set ns = namespace(t='x') %}{% for i in range(60) %}{% set ns.t = ns.t ~ ns.t %}{% endfor %}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = ns.t + ns.t %}{% endfor %}",
                "{% set ns = namespace(t=[1]) %}{% for i in range(60) %}{% set ns.t = [ns.t, ns.t] %}{% endfor %}",
                "{% set ns = namespace(t={}) %}{% for i in range(60) %}{% set ns.t = {1: ns.t, 2: ns.t} %}{% endfor %}",
                "{{ [1] * 99999999999 }}",
                "{{ 'x'.ljust(99999999) }}",
                "{{ 'x'|center(99999999) }}",
                "{{ 'x'.zfill(99999999) }}",
                "{{ '%99999999d' % 1 }}",
                "{{ '%.99999999d' % 1 }}",
                "{{ '%*d' % (99999999, 1) }}",
                "{{ '{:99999999}'.format('x') }}",
                "{{ 'a\\tb'.expandtabs(99999999) }}",
                "{{ 'x'|indent(99999999, true) }}",
                "{{ [[[1]]]|tojson(indent=99999999) }}",
                "{{ ('x' * 9999)|replace('x', 'y' * 9999) }}",
                "{{ ('y' * 99999).join('x' * 9999) }}",
                "{{ [1]|batch(99999999999, 0)|list }}",
                "{{ [1]|slice(99999999999)|list }}",
                "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                "{% for i in range(99999) %}{% for j in range(99999) %}x{% endfor %}{% endfor %}",
                "{% for i in range(99999) %}{{ ('x' * 999999)|upper|length }}{% endfor %}",
                "{% set l = range(99999)|list %}{% for i in l %}{{ l|sort|length }}{% endfor %}",
                "{% set l = range(99999)|list %}{% for i in l %}{{ -1 in l }}{% endfor %}",
                "{% set l = range(99999)|list %}{% for i in l %}{{ l == l|list }}{% endfor %}",
            })
    void shouldEndTemplatesThatUseTooMuch(String template) {
        assertThat(failure(template).kind()).isEqualTo(Kind.LIMIT);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% macro m(n) %}{% for x in [n] %}{% if n %}{{ m(n + 1) }}{% endif %}{% endfor %}{% endmacro %}{{"
                        + " m(1) }}",
                "{% for x in [1] recursive %}{{ loop([x]) }}{% endfor %}",
                "{% block a %}{{ self.a() }}{% endblock %}",
            })
    void shouldEndEndlessRecursion(String template) {
        assertThat(failure(template).kind()).isEqualTo(Kind.RECURSION);
    }

    @Test
    void shouldSurviveDeepNesting() {
        for (String template : List.of(
                "{{ " + "(".repeat(100_000) + "1" + ")".repeat(100_000) + " }}",
                "{{ " + "[".repeat(100_000) + "1" + "]".repeat(100_000) + " }}",
                "{{ " + "not ".repeat(100_000) + "1 }}",
                "{{ 1" + " + 1".repeat(100_000) + " }}",
                "{{ x" + "|trim".repeat(100_000) + " }}",
                "{% if 1 %}".repeat(100_000) + "{% endif %}".repeat(100_000))) {
            assertThat(failure(template).kind()).isEqualTo(Kind.RECURSION);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
        a|b{{ é.x }}               # 2 # 6 # 'é' is undefined
        |{% if 1 %}|😀 {{ 1 / 0 }} # 3 # 8 # division by zero
        |  {{ [1, 2|               # 2 # 11 # unexpected end of template, expected ','.
        {% for a, b in [1] %}{% endfor %} # 1 # 4 # cannot unpack non-iterable int object
        """)
    void shouldNameLineAndColumn(String template, int line, int column, String problem) {
        TemplateException failure = failure(template.replace("|", "\n").replace("{% if 1 %}", "{% if 1 %}{% endif %}"));

        assertThat(failure.problem()).isEqualTo(problem);
        assertThat(List.of(failure.line(), failure.column())).isEqualTo(List.of(line, column));
        assertThat(failure).hasMessage("line " + line + ", column " + column + ": " + problem);
    }

    @Test
    void shouldRenderInSeveralThreadsAtOnce() throws Exception {
        JinjaTemplate template = JinjaTemplate.compile(
                "{% set ns = namespace(n=0) %}{% for i in range(n) %}{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<String>> texts = new ArrayList<>();
            for (int n = 0; n < 200; n++) {
                Map<String, Object> values = Map.of("n", Numbers.integer(n));
                texts.add(threads.submit(
                        () -> template.render(values, LocalDateTime::now).text().text()));
            }
            for (int n = 0; n < 200; n++) {
                assertThat(texts.get(n).get()).isEqualTo(Integer.toString(n * (n - 1) / 2));
            }
        }
    }

    /** Hundreds of messages and megabytes of text are far within the limits. */
    @Test
    void shouldRenderLongConversations() {
        JinjaTemplate template = JinjaTemplate.compile("{% set ns = namespace(t='') %}{% for m in messages %}"
                + "{% set ns.t = ns.t ~ '<|' ~ m.role ~ '|>' ~ m.content|trim ~ '\\n' %}{% endfor %}{{ ns.t }}");
        Object message = JinjaValues.dict(
                Map.of("role", JinjaValues.text("user"), "content", JinjaValues.userText(" long words".repeat(1_000))));
        List<Object> messages = java.util.Collections.nCopies(800, message);

        Rope text = template.render(Map.of("messages", JinjaValues.list(messages)), LocalDateTime::now)
                .text();

        assertThat(text.units()).isEqualTo(800 * (9 + 10_999));
    }

    @Test
    void shouldBoundTheWork() {
        JinjaTemplate template = JinjaTemplate.compile("{% for i in range(1000) %}{% endfor %}");

        assertThatThrownBy(() -> template.render(Map.of(), LocalDateTime::now, 100))
                .isInstanceOf(TemplateException.class)
                .hasMessage("line 1, column 4: does more work than a template may");
    }

    /** {@code NUMBER} is one below the limit, the limit, and one beyond it. */
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
                    {{ range(NUMBER) | length }}                                   # 100000   # arithmetic
                    {{ ('x' * NUMBER) | length }}                                  # 16777216 # limit
                    {% set t = 'x' * (NUMBER - 1) %}{{ (t ~ 'y') | length }}       # 16777216 # limit
                    {{ 'x'.ljust(NUMBER) | length }}                               # 16777216 # limit
                    {{ 'x'.rjust(NUMBER, 'é') | length }}                          # 16777216 # limit
                    {{ (2 ** (NUMBER - 1)) is number }}                            # 1048576  # limit
                    {{ (1 * 2 ** (NUMBER - 2) * 2) is number }}                    # 1048576  # limit
                    {{ 10 ** (NUMBER - 1) }}                                       # 4300     # value
                    {{ ('1' * NUMBER) | int(-1) is number }}                       # 4300     # ``
                    {% macro m(n) %}{% if n > 1 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(NUMBER) }} # 180 # recursion
                    """)
    void shouldTakeWhatIsAtALimit(String template, int limit, String kind) {
        for (int number : new int[] {limit - 1, limit}) {
            render(template.replace("NUMBER", Integer.toString(number)));
        }
        String beyond = template.replace("NUMBER", Integer.toString(limit + 1));
        if (kind.isEmpty()) {
            render(beyond);
        } else {
            assertThat(failure(beyond).kind()).hasToString(kind);
        }
    }

    @Test
    void shouldTakeLoopsUpToTheirLimit() {
        for (int loops : new int[] {TemplateLimits.NESTED_LOOPS - 1, TemplateLimits.NESTED_LOOPS}) {
            assertThat(render(nested(loops))).isEqualTo("x");
        }
        assertThat(failure(nested(TemplateLimits.NESTED_LOOPS + 1)).kind()).isEqualTo(Kind.SYNTAX);
    }

    private static String nested(int loops) {
        return "{% for i in [1] %}".repeat(loops) + "x" + "{% endfor %}".repeat(loops);
    }

    @Test
    void shouldTakeWorkUpToItsLimit() {
        JinjaTemplate template = JinjaTemplate.compile("{% for i in range(1000) %}{% endfor %}");
        long needed = 0;
        while (!renders(template, needed)) {
            needed++;
        }
        assertThat(needed).isBetween(1000L, 3000L);
        assertThat(renders(template, needed + 1)).isTrue();
    }

    private static boolean renders(JinjaTemplate template, long work) {
        try {
            template.render(Map.of(), LocalDateTime::now, work);
            return true;
        } catch (TemplateException e) {
            assertThat(e.kind()).isEqualTo(Kind.LIMIT);
            return false;
        }
    }

    private static String render(String template) {
        return JinjaTemplate.compile(template)
                .render(Map.of(), LocalDateTime::now)
                .text()
                .text();
    }

    private static TemplateException failure(String template) {
        return catchThrowableOfType(
                TemplateException.class, () -> JinjaTemplate.compile(template).render(Map.of(), LocalDateTime::now));
    }
}
