package org.llavacluster.modelio.jinja;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.LocalDateTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The results of all operations on a user's text are marked as a user's, and the rest is not. */
final class RopeAuthorsTest {

    /** Templates on {@code p}, a user's {@code "aB <c>"}; brackets mark a user's characters in the output. */
    @ParameterizedTest
    @CsvSource(delimiter = '#', quoteCharacter = '`', textBlock = """
        {{ p }}                                  # [aB <c>]
        x{{ p }}y                                # x[aB <c>]y
        {{ 'x' + p + 'y' }}                      # x[aB <c>]y
        {{ 'x' ~ p ~ 1 }}                        # x[aB <c>]1
        {{ p[1:4] ~ '|' ~ p[::-1] ~ p[0] }}      # [B <]|[>c< Ba][a]
        {{ ('x' + p)[::-1] }}                    # [>c< Ba]x
        {{ p|upper }}{{ p.lower() }}             # [AB <C>][ab <c>]
        {{ ('x' + p)|title }}                    # X[ab <C>]
        {{ p|capitalize }}{{ p.swapcase() }}     # [Ab <c>][Ab <C>]
        {{ p|replace('B', '_') }}                # [a]_[ <c>]
        {{ 'x-y'|replace('-', p) }}              # x[aB <c>]y
        {{ p.split(' ')|join('+') }}             # [aB]+[<c>]
        {{ '-'.join(p.split()) }}                # [aB]-[<c>]
        {{ p.partition(' ')[2] ~ '.' }}          # [<c>].
        {{ '%s=%r' % (p, p) }}                   # [aB <c>]='[aB <c>]'
        {{ '%9s|' % p }}                         #    [aB <c>]|
        {{ p % () }}                             # [aB <c>]
        {{ '{}:{0}'.format(p) if false else '{:>8}'.format(p) }} #   [aB <c>]
        {{ [p, {'k': p}] }}                      # ['[aB <c>]', {'k': '[aB <c>]'}]
        {{ {p: 1} }}                             # {'[aB <c>]': 1}
        {{ [p]|tojson }}                         # ["[aB <c>]"]
        {{ p|e }}{{ p|urlencode }}               # [aB &lt;c&gt;][aB%20%3Cc%3E]
        {{ ('  ' + p + '  ')|trim }}.            # [aB <c>].
        {{ p|center(10) }}.                      #   [aB <c>]  .
        {{ (p ~ '|' ~ p).replace('|', '\\n')|indent(2) }} # [aB <c>]\\n  [aB <c>]
        {{ p|truncate(5, true, '!', 0) }}        # [aB <]!
        {{ p|wordwrap(3) }}                      # [aB]\\n[<c>]
        {{ p|list|join('.') }}                   # [a].[B].[ ].[<].[c].[>]
        {% for c in p %}{{ c }}.{% endfor %}     # [a].[B].[ ].[<].[c].[>].
        {{ p|striptags }}{{ p|string }}          # [aB][aB <c>]
        {{ p * 2 }}                              # [aB <c>][aB <c>]
        {{ p.encode().decode() }}                # [aB <c>]
        {{ '%c' % 60 }}{{ '{:c}'.format(60) }}   # [<][<]
        {{ 'a'.translate({97: 60}) }}            # [<]
        {% set x %}<{{ p }}>{% endset %}{{ x }}  # <[aB <c>]>
        {% macro m(t) %}({{ t }}){% endmacro %}{{ m(p) }} # ([aB <c>])
        {% filter upper %}x{{ p }}{% endfilter %} # X[AB <C>]
        {{ [p, 'x']|map('upper')|join }}         # [AB <C>]X
        {{ p.splitlines()[0] ~ (p|first) }}      # [aB <c>][a]
        {{ dict(k=p).k ~ namespace(a=p).a }}     # [aB <c>][aB <c>]
        {{ p.zfill(8) ~ p.ljust(7, '.') }}       # 00[aB <c>][aB <c>].
        {{ '&lt;'|striptags }}                   # <
        """)
    void shouldFollowEveryOperation(String template, String expected) {
        Rope text = JinjaTemplate.compile(template.replace("\\n", "\n"))
                .render(Map.of("p", JinjaValues.userText("aB <c>")), LocalDateTime::now)
                .text();

        assertThat(marked(text).strip().replace("\n", "\\n").replace("][", "")).isEqualTo(expected.replace("][", ""));
    }

    private static String marked(Rope rope) {
        StringBuilder marked = new StringBuilder();
        for (int at = 0; at < rope.units(); at = rope.authorUntil(at)) {
            String part = rope.text().substring(at, rope.authorUntil(at));
            marked.append(rope.isUserText(at) ? "[" + part + "]" : part);
        }
        return marked.toString();
    }

    /** A user's code points of two UTF-16 units, and joined ropes that are not flattened yet. */
    @ParameterizedTest
    @CsvSource({"1, 2", "0, 3", "2, 5"})
    void shouldCutBetweenCodePoints(int from, int to) {
        Map<String, Object> values =
                Map.of("p", JinjaValues.userText("é😀z"), "from", Numbers.integer(from), "to", Numbers.integer(to));
        Rope text = JinjaTemplate.compile("{% set t = 'x' ~ p ~ '😀' %}{{ t[from:to] }}")
                .render(values, LocalDateTime::now)
                .text();

        List<String> characters = List.of("x", "[é", "😀", "z]", "😀");
        String expected = String.join("", characters.subList(from, Math.min(to, 5)));
        assertThat(marked(text).replace("[", "").replace("]", ""))
                .isEqualTo(expected.replace("[", "").replace("]", ""));
        assertThat(text.isUserText(text.units() - 1)).isEqualTo(to < 5);
    }
}
