package org.llavacluster.modelio.jinja;

/**
 * The value of a string literal: Python's escapes, resolved after every character beyond ASCII was turned into an
 * escape.
 */
final class StringLiteral {

    private final TemplateSource source;
    private final int position;
    private final String text;
    private final StringBuilder value = new StringBuilder();
    private int at;

    private StringLiteral(TemplateSource source, int position, String text) {
        this.source = source;
        this.position = position;
        this.text = text;
    }

    /**
     * @param inside text between the quotes
     */
    static String value(TemplateSource source, int position, String inside) {
        if (inside.indexOf('\\') < 0) {
            return inside;
        }
        StringLiteral literal = new StringLiteral(source, position, ascii(inside));
        literal.read();
        return literal.value.toString();
    }

    private static String ascii(String inside) {
        StringBuilder ascii = new StringBuilder();
        inside.codePoints().forEach(c -> {
            if (c < 0x80) {
                ascii.appendCodePoint(c);
            } else {
                ascii.append(String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c));
            }
        });
        return ascii.toString();
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at++);
            if (c == '\\') {
                readEscape(text.charAt(at++));
            } else {
                value.append(c);
            }
        }
    }

    private void readEscape(char c) {
        switch (c) {
            case '\n' -> {}
            case '\\', '\'', '"' -> value.append(c);
            case 'a' -> value.append('\u0007');
            case 'b' -> value.append('\b');
            case 'f' -> value.append('\f');
            case 'n' -> value.append('\n');
            case 'r' -> value.append('\r');
            case 't' -> value.append('\t');
            case 'v' -> value.append('\u000b');
            case 'x' -> readHex(2, "truncated \\xXX escape");
            case 'u' -> readHex(4, "truncated \\uXXXX escape");
            case 'U' -> readHex(8, "truncated \\UXXXXXXXX escape");
            case 'N' -> readName();
            case '0', '1', '2', '3', '4', '5', '6', '7' -> readOctal();
            default -> value.append('\\').append(c);
        }
    }

    private void readHex(int digits, String truncated) {
        int end = at;
        while (end < text.length() && end < at + digits && Character.digit(text.charAt(end), 16) >= 0) {
            end++;
        }
        if (end < at + digits) {
            throw source.syntax(position, truncated);
        }
        long c = Long.parseLong(text.substring(at, end), 16);
        if (c > Character.MAX_CODE_POINT) {
            throw source.syntax(position, "illegal Unicode character");
        }
        value.appendCodePoint((int) c);
        at = end;
    }

    private void readOctal() {
        at--;
        int c = 0;
        for (int i = 0; i < 3 && at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '7'; i++) {
            c = 8 * c + text.charAt(at++) - '0';
        }
        value.appendCodePoint(c);
    }

    private void readName() {
        int end = text.indexOf('}', at);
        if (at >= text.length() || text.charAt(at) != '{' || end < at + 2) {
            throw source.syntax(position, "malformed \\N character escape");
        }
        try {
            value.appendCodePoint(Character.codePointOf(text.substring(at + 1, end)));
        } catch (IllegalArgumentException _) {
            throw source.syntax(position, "unknown Unicode character name");
        }
        at = end + 1;
    }
}
