package org.llavacluster.text.prompt;

import java.util.function.UnaryOperator;

/**
 * Does to a template's source what jinja2's lexer does to white space with {@code trim_blocks} and {@code lstrip_blocks} set, as
 * transformers sets them, and drops comments. What is left has no white space control, so that the template engine's own, which
 * differs, has nothing to do.
 *
 * <p>The rules: the newline after a block or comment goes; so do spaces and tabs between the start of a line and a block or comment;
 * {@code -} takes all white space on its side; {@code +} keeps what the first two rules would take; one newline at the very end goes.
 */
final class JinjaSource {

    private final String source;
    private final UnaryOperator<String> expression;
    private final StringBuilder out = new StringBuilder();
    private int at;

    private JinjaSource(String source, UnaryOperator<String> expression) {
        this.source = source.endsWith("\n") ? source.substring(0, source.length() - 1) : source;
        this.expression = expression;
    }

    /** @param expression what becomes of the inside of each tag */
    static String rewritten(String source, UnaryOperator<String> expression) {
        return new JinjaSource(source.replace("\r\n", "\n").replace('\r', '\n'), expression).rewrite();
    }

    private String rewrite() {
        while (true) {
            int open = nextTag();
            String text = source.substring(at, open);
            if (open == source.length()) {
                return out.append(text).toString();
            }
            char kind = source.charAt(open + 1);
            char before = open + 2 < source.length() ? source.charAt(open + 2) : ' ';
            out.append(textBefore(text, open, kind, before));
            int inner = open + (before == '-' || before == '+' ? 3 : 2);
            int close = close(inner, kind);
            char after = close > inner ? source.charAt(close - 1) : ' ';
            boolean marked = after == '-' || after == '+' && kind != '{';
            if (kind != '#') {
                write(kind, source.substring(inner, marked ? close - 1 : close).strip());
            }
            at = Math.min(source.length(), close + 2);
            skipAfter(kind, marked ? after : ' ');
        }
    }

    private void write(char kind, String inside) {
        if (kind == '{') {
            out.append("{{ (")
                    .append(expression.apply(inside))
                    .append(")|")
                    .append(PythonTextFilter.NAME)
                    .append(" }}");
        } else {
            out.append("{% ").append(expression.apply(inside)).append(" %}");
        }
    }

    private int nextTag() {
        for (int i = at; i + 1 < source.length(); i++) {
            char next = source.charAt(i + 1);
            if (source.charAt(i) == '{' && (next == '{' || next == '%' || next == '#')) {
                return i;
            }
        }
        return source.length();
    }

    private String textBefore(String text, int open, char kind, char control) {
        if (control == '-') {
            return text.stripTrailing();
        }
        if (kind == '{' || control == '+') {
            return text;
        }
        int line = source.lastIndexOf('\n', open - 1) + 1;
        for (int i = line; i < open; i++) {
            if (source.charAt(i) != ' ' && source.charAt(i) != '\t') {
                return text;
            }
        }
        return text.substring(0, Math.max(0, text.length() - (open - line)));
    }

    /** Where the tag's end mark begins. Strings and braces within the tag may hold anything. */
    private int close(int from, char kind) {
        String end = (kind == '{' ? '}' : kind) + "}";
        char quote = 0;
        int depth = 0;
        for (int i = from; i < source.length(); i++) {
            char c = source.charAt(i);
            if (quote != 0) {
                if (c == '\\') {
                    i++;
                } else if (c == quote) {
                    quote = 0;
                }
            } else if (kind != '#' && (c == '"' || c == '\'')) {
                quote = c;
            } else if (kind == '{' && c == '{') {
                depth++;
            } else if (kind == '{' && c == '}' && depth > 0) {
                depth--;
            } else if (source.startsWith(end, i)) {
                return i;
            }
        }
        throw new PromptException("messages: the model's chat template has a tag without an end");
    }

    private void skipAfter(char kind, char control) {
        if (control == '-') {
            while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
                at++;
            }
        } else if (kind != '{' && control != '+' && at < source.length() && source.charAt(at) == '\n') {
            at++;
        }
    }
}
