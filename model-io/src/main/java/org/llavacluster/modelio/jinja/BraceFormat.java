package org.llavacluster.modelio.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** {@code str.format}, whose fields reach only attributes that the sandbox permits. */
final class BraceFormat {

    private static final int DEEPEST = 2;

    private final Rendering rendering;
    private final Rope format;
    private final List<Object> positional;
    private final Map<Object, Object> named;

    /** The number of the next {@code {}}; negative once a field has given a number. */
    private int automatic;

    private boolean automaticUsed;

    /**
     * @param named by name, as ropes
     */
    BraceFormat(Rendering rendering, Rope format, List<Object> positional, Map<Object, Object> named) {
        this.rendering = rendering;
        this.format = format;
        this.positional = positional;
        this.named = named;
    }

    Rope formatted() {
        return formatted(format, DEEPEST).withMarkup(format.isMarkup());
    }

    private Rope formatted(Rope template, int depth) {
        if (depth < 0) {
            throw TemplateException.value("Max string recursion exceeded");
        }
        String text = template.text();
        RopeBuilder out = new RopeBuilder(text.length());
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == c;
            if (c != '{' && c != '}') {
                int end = at;
                while (end < text.length() && text.charAt(end) != '{' && text.charAt(end) != '}') {
                    end++;
                }
                out.append(template, at, end);
                at = end;
            } else if (doubled) {
                out.append(template, at, at + 1);
                at += 2;
            } else if (c == '}' || at + 1 == text.length()) {
                throw TemplateException.value("Single '" + c + "' encountered in format string");
            } else {
                int end = endOfField(text, at + 1);
                out.append(field(template.sub(at + 1, end), depth));
                at = end + 1;
                rendering.work(1);
            }
        }
        return out.rope();
    }

    private static int endOfField(String text, int start) {
        int open = 1;
        boolean inBrackets = false;
        for (int at = start; at < text.length(); at++) {
            char c = text.charAt(at);
            if (inBrackets) {
                inBrackets = c != ']';
            } else if (c == '[') {
                inBrackets = true;
            } else if (c == '{') {
                open++;
            } else if (c == '}' && --open == 0) {
                return at;
            }
        }
        throw TemplateException.value("expected '}' before end of string");
    }

    private Rope field(Rope field, int depth) {
        String text = field.text();
        int end = 0;
        boolean inBrackets = false;
        while (end < text.length() && (inBrackets || text.charAt(end) != '!' && text.charAt(end) != ':')) {
            inBrackets = text.charAt(end) == '[' || inBrackets && text.charAt(end) != ']';
            end++;
        }
        Object value = value(field.sub(0, end));
        if (end < text.length() && text.charAt(end) == '!') {
            if (end + 1 >= text.length()) {
                throw TemplateException.value("end of string while looking for conversion specifier");
            }
            value = converted(value, text.charAt(end + 1));
            end += 2;
            if (end < text.length() && text.charAt(end) != ':') {
                throw TemplateException.value("expected ':' after conversion specifier");
            }
        }
        Rope specification = formatted(end < text.length() ? field.sub(end + 1) : Rope.EMPTY, depth - 1);
        if (!format.isMarkup()) {
            return FormatSpec.format(value, specification);
        }
        if (value instanceof Rope rope && rope.isMarkup()) {
            if (!specification.isEmpty()) {
                throw TemplateException.value("Unsupported format specification for Markup.");
            }
            return rope;
        }
        return Html.escape(FormatSpec.format(value, specification));
    }

    private static Object converted(Object value, char conversion) {
        return switch (conversion) {
            case 's' -> Printing.text(value);
            case 'r' -> Printing.representation(value);
            case 'a' -> Printing.asciiRepresentation(value);
            default -> throw TemplateException.value("unknown conversion specifier");
        };
    }

    /** The value of {@code name.attribute[item]}. */
    private Object value(Rope path) {
        String text = path.text();
        int end = 0;
        while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
            end++;
        }
        Object value = first(path.sub(0, end));
        while (end < text.length()) {
            if (text.charAt(end) == '.') {
                int start = ++end;
                while (end < text.length() && text.charAt(end) != '.' && text.charAt(end) != '[') {
                    end++;
                }
                if (start == end) {
                    throw TemplateException.value("Empty attribute in format string");
                }
                value = Access.attribute(value, path.sub(start, end));
            } else if (text.charAt(end) == '[') {
                int close = text.indexOf(']', end);
                if (close < 0) {
                    throw TemplateException.value("Missing ']' in format string");
                }
                if (close == end + 1) {
                    throw TemplateException.value("Empty attribute in format string");
                }
                Rope index = path.sub(end + 1, close);
                value = Access.item(value, isNumber(index.text()) ? number(index.text()) : index);
                end = close + 1;
            } else {
                throw TemplateException.value("Only '.' or '[' may follow ']' in format field specifier");
            }
        }
        return value;
    }

    private static boolean isNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    private static BigInteger number(String digits) {
        if (digits.length() > 18) {
            throw TemplateException.value("Too many decimal digits in format string");
        }
        return new BigInteger(digits);
    }

    private Object first(Rope name) {
        if (name.isEmpty()) {
            if (automatic < 0) {
                throw TemplateException.value(
                        "cannot switch from manual field specification to automatic field numbering");
            }
            automaticUsed = true;
            return at(automatic++);
        }
        if (isNumber(name.text())) {
            if (automaticUsed) {
                throw TemplateException.value(
                        "cannot switch from automatic field numbering to manual field specification");
            }
            automatic = -1;
            return at(Numbers.clamped(number(name.text())));
        }
        Object value = named.get(name);
        if (value == null) {
            throw TemplateException.lookup("the format names an argument that was not given");
        }
        return value;
    }

    private Object at(int index) {
        if (index >= positional.size()) {
            throw TemplateException.lookup("the format has more fields than there are arguments");
        }
        return positional.get(index);
    }
}
