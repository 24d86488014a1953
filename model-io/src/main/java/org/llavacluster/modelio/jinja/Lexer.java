package org.llavacluster.modelio.jinja;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.modelio.jinja.Token.Type;

/**
 * Splits a template into tokens. White space around tags is removed as by {@code trim_blocks} and {@code
 * lstrip_blocks}: the line end after a block, and the white space before it on its line, unless the tag has a {@code +}
 * there. A {@code -} removes all white space on its side.
 */
final class Lexer {

    private static final Pattern FLOAT = Pattern.compile(
            "(\\d+_)*\\d+((\\.(\\d+_)*\\d+)?[eE][+\\-]?(\\d+_)*\\d+|\\.(\\d+_)*\\d+)", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern INTEGER = Pattern.compile(
            "0[bB](_?[01])+|0[oO](_?[0-7])+|0[xX](_?[\\da-fA-F])+|[1-9](_?\\d)*|0(_?0)*",
            Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern STRING =
            Pattern.compile("'[^'\\\\]*+(?:\\\\.[^'\\\\]*+)*+'|\"[^\"\\\\]*+(?:\\\\.[^\"\\\\]*+)*+\"", Pattern.DOTALL);
    private static final Pattern OPERATOR = Pattern.compile("//|\\*\\*|==|!=|>=|<=|[+\\-/*%~\\[\\](){}><=.:|,;]");
    private static final String SPACE =
            "[\\x09-\\x0d\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";
    private static final Pattern RAW =
            Pattern.compile("\\{%([-+]?)" + SPACE + "*raw" + SPACE + "*(?:-%\\}" + SPACE + "*|%\\})");
    private static final Pattern END_RAW =
            Pattern.compile("\\{%([-+]?)" + SPACE + "*endraw" + SPACE + "*(?:\\+%\\}|-%\\}" + SPACE + "*|%\\}\\n?)");

    private final TemplateSource source;
    private final String text;
    private final List<Token> tokens = new ArrayList<>();
    private int at;

    /** Whether the current line has no other text so far. */
    private boolean lineStart = true;

    private Lexer(TemplateSource source) {
        this.source = source;
        this.text = source.text();
    }

    static List<Token> tokens(TemplateSource source) {
        Lexer lexer = new Lexer(source);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (at < text.length()) {
            int tag = nextTag();
            if (tag < 0) {
                add(Type.DATA, text.substring(at), at);
                at = text.length();
                break;
            }
            Matcher raw = RAW.matcher(text).region(tag, text.length());
            if (raw.lookingAt()) {
                addData(tag, raw.group(1), true);
                readRaw(raw.end());
            } else {
                String sign = sign(tag + 2);
                char kind = text.charAt(tag + 1);
                addData(tag, sign, kind != '{');
                at = tag + 2 + sign.length();
                lineStart = false;
                switch (kind) {
                    case '#' -> readComment(tag);
                    case '{' -> readTag(tag, Type.PRINT_BEGIN, Type.PRINT_END, "}}");
                    default -> readTag(tag, Type.BLOCK_BEGIN, Type.BLOCK_END, "%}");
                }
            }
        }
        add(Type.END, "", text.length());
    }

    private int nextTag() {
        for (int i = text.indexOf('{', at); i >= 0 && i + 1 < text.length(); i = text.indexOf('{', i + 1)) {
            if ("{%#".indexOf(text.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return -1;
    }

    private String sign(int position) {
        return position < text.length() && "+-".indexOf(text.charAt(position)) >= 0
                ? text.substring(position, position + 1)
                : "";
    }

    /** Adds the text before a tag, without the part that the tag removes. */
    private void addData(int end, String sign, boolean stripsLine) {
        int stripped = end;
        if (sign.equals("-")) {
            while (stripped > at && CodePoints.isSpace(text.charAt(stripped - 1))) {
                stripped--;
            }
        } else if (sign.isEmpty() && stripsLine) {
            int line = end;
            while (line > at && text.charAt(line - 1) != '\n' && CodePoints.isSpace(text.charAt(line - 1))) {
                line--;
            }
            if (line > at ? text.charAt(line - 1) == '\n' : lineStart) {
                stripped = line;
            }
        }
        add(Type.DATA, text.substring(at, stripped), at);
    }

    private void add(Type type, String value, int position) {
        if (type != Type.DATA || !value.isEmpty()) {
            tokens.add(new Token(type, value, position));
        }
    }

    private void readRaw(int start) {
        at = start;
        lineStart = text.charAt(start - 1) == '\n';
        Matcher end = END_RAW.matcher(text).region(at, text.length());
        if (!end.find()) {
            if (at < text.length()) {
                throw source.syntax(at, "Missing end of raw directive");
            }
            return;
        }
        addData(end.start(), end.group(1), true);
        at = end.end();
        lineStart = text.charAt(at - 1) == '\n';
    }

    private void readComment(int tag) {
        int end = text.indexOf("#}", at);
        if (end < 0) {
            if (at < text.length()) {
                throw source.syntax(tag, "Missing end of comment tag");
            }
            return;
        }
        char sign = end > at ? text.charAt(end - 1) : ' ';
        at = end + 2;
        skipAfter(sign, true);
    }

    /** Skips what the end of a tag removes from the text after it. */
    private void skipAfter(char sign, boolean trimsLine) {
        if (sign == '-') {
            while (at < text.length() && CodePoints.isSpace(text.charAt(at))) {
                at++;
            }
        } else if (sign != '+' && trimsLine && at < text.length() && text.charAt(at) == '\n') {
            at++;
        }
        lineStart = text.charAt(at - 1) == '\n';
    }

    private void readTag(int tag, Type begin, Type end, String closing) {
        add(begin, "", tag);
        boolean block = end == Type.BLOCK_END;
        Deque<Character> open = new ArrayDeque<>();
        while (at < text.length()) {
            int start = at;
            char c = text.charAt(at);
            if (open.isEmpty()) {
                boolean signed = c == '-' || c == '+' && block;
                if (text.startsWith(closing, signed ? at + 1 : at)) {
                    at += signed ? 3 : 2;
                    skipAfter(signed ? c : ' ', block);
                    add(end, "", start);
                    return;
                }
            }
            if (CodePoints.isSpace(c)) {
                at++;
            } else {
                readToken(start, open);
            }
        }
    }

    private void readToken(int start, Deque<Character> open) {
        boolean afterDot = start > 0 && text.charAt(start - 1) == '.';
        if (!afterDot && matches(FLOAT)) {
            add(Type.FLOAT, text.substring(start, at), start);
        } else if (matches(INTEGER)) {
            add(Type.INTEGER, text.substring(start, at), start);
        } else if (CodePoints.isWord(text.codePointAt(start)) || CodePoints.isIdentifierPart(text.codePointAt(start))) {
            readName(start);
        } else if (matches(STRING)) {
            add(Type.STRING, StringLiteral.value(source, start, text.substring(start + 1, at - 1)), start);
        } else if (matches(OPERATOR)) {
            String operator = text.substring(start, at);
            balance(operator, start, open);
            add(Type.OPERATOR, operator, start);
        } else {
            String found = Character.toString(text.codePointAt(start));
            throw source.syntax(start, "unexpected char " + (found.equals("'") ? "\"'\"" : "'" + found + "'"));
        }
    }

    private boolean matches(Pattern pattern) {
        Matcher matcher = pattern.matcher(text).region(at, text.length());
        if (!matcher.lookingAt()) {
            return false;
        }
        at = matcher.end();
        return true;
    }

    private void readName(int start) {
        while (at < text.length()) {
            int c = text.codePointAt(at);
            if (!CodePoints.isWord(c) && !CodePoints.isIdentifierPart(c)) {
                break;
            }
            at += Character.charCount(c);
        }
        String name = text.substring(start, at);
        if (!CodePoints.isIdentifier(name)) {
            throw source.syntax(start, "Invalid character in identifier");
        }
        add(Type.NAME, name, start);
    }

    private void balance(String operator, int start, Deque<Character> open) {
        switch (operator) {
            case "(" -> open.push(')');
            case "[" -> open.push(']');
            case "{" -> open.push('}');
            case ")", "]", "}" -> {
                if (open.isEmpty()) {
                    throw source.syntax(start, "unexpected '" + operator + "'");
                }
                char expected = open.pop();
                if (operator.charAt(0) != expected) {
                    throw source.syntax(start, "unexpected '" + operator + "', expected '" + expected + "'");
                }
            }
            default -> {}
        }
    }
}
