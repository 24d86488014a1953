package org.llavacluster.text.prompt;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Methods of Python's {@code str} that chat templates call. */
final class PythonStrings {

    private PythonStrings() {}

    static Object call(String text, String name, Object[] arguments) {
        String first = arguments.length > 0 && arguments[0] != null ? arguments[0].toString() : null;
        return switch (name) {
            case "upper" -> text.toUpperCase(Locale.ROOT);
            case "lower" -> text.toLowerCase(Locale.ROOT);
            case "capitalize" ->
                text.isEmpty()
                        ? text
                        : text.substring(0, 1).toUpperCase(Locale.ROOT)
                                + text.substring(1).toLowerCase(Locale.ROOT);
            case "title" -> title(text);
            case "strip" -> strip(text, first, true, true);
            case "lstrip" -> strip(text, first, true, false);
            case "rstrip" -> strip(text, first, false, true);
            case "startswith" -> starts(arguments).stream().anyMatch(text::startsWith);
            case "endswith" -> starts(arguments).stream().anyMatch(text::endsWith);
            case "replace" -> replace(text, first, arguments);
            case "split" -> split(text, first, arguments);
            case "find" -> (long) text.indexOf(needed(first, name));
            case "count" -> (long) text.split(Pattern.quote(needed(first, name)), -1).length - 1;
            case "join" -> join(text, arguments);
            case "isdigit" -> !text.isEmpty() && text.chars().allMatch(Character::isDigit);
            default -> throw PythonResolver.unknown(name);
        };
    }

    private static String needed(String argument, String method) {
        if (argument == null || argument.isEmpty()) {
            throw PythonResolver.unknown(method);
        }
        return argument;
    }

    /** One string, or a tuple of several. */
    private static List<String> starts(Object[] arguments) {
        Object given = arguments.length == 0 ? "" : arguments[0];
        return given instanceof Collection<?> several
                ? several.stream().map(String::valueOf).toList()
                : List.of(String.valueOf(given));
    }

    private static String replace(String text, String sought, Object[] arguments) {
        if (arguments.length != 2) {
            throw PythonResolver.unknown("replace");
        }
        return text.replace(needed(sought, "replace"), String.valueOf(arguments[1]));
    }

    /** Without characters: white space as Python sees it. */
    private static String strip(String text, String characters, boolean left, boolean right) {
        int start = 0;
        int end = text.length();
        while (left && start < end && stripped(text.charAt(start), characters)) {
            start++;
        }
        while (right && end > start && stripped(text.charAt(end - 1), characters)) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean stripped(char c, String characters) {
        return characters == null ? isSpace(c) : characters.indexOf(c) >= 0;
    }

    private static boolean isSpace(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == '\u0085';
    }

    private static List<Object> split(String text, String separator, Object[] arguments) {
        if (separator == null) {
            return Arrays.stream(strip(text, null, true, true).split("[\\s\\u0085\\p{Z}]+"))
                    .filter(word -> !word.isEmpty())
                    .collect(Collectors.toCollection(ArrayList::new));
        }
        int most = arguments.length > 1 && arguments[1] instanceof Number number ? number.intValue() : -1;
        List<Object> parts = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(needed(separator, "split"));
                at >= 0 && (most < 0 || parts.size() < most);
                at = text.indexOf(separator, start)) {
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    private static String join(String separator, Object[] arguments) {
        if (arguments.length != 1 || !(arguments[0] instanceof Collection<?> items)) {
            throw PythonResolver.unknown("join");
        }
        return items.stream().map(String::valueOf).collect(Collectors.joining(separator));
    }

    private static String title(String text) {
        StringBuilder titled = new StringBuilder();
        boolean inWord = false;
        for (char c : text.toCharArray()) {
            titled.append(inWord ? Character.toLowerCase(c) : Character.toUpperCase(c));
            inWord = Character.isLetter(c);
        }
        return titled.toString();
    }
}
