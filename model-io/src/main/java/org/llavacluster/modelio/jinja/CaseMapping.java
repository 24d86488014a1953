package org.llavacluster.modelio.jinja;

import java.util.Locale;

/** Python's case conversions, which use Unicode's full mappings, may change the length and ignore the locale. */
final class CaseMapping {

    private static final int SIGMA = 0x3a3;
    private static final String FINAL_SIGMA = "\u03c2";

    private CaseMapping() {}

    /** One conversion of the character at a position. */
    private interface Conversion {
        String convert(String text, int at, int codePoint);
    }

    static Rope upper(Rope rope) {
        return mapped(rope, (_, _, c) -> upper(c));
    }

    static Rope lower(Rope rope) {
        return mapped(rope, CaseMapping::lower);
    }

    static Rope swapped(Rope rope) {
        return mapped(
                rope,
                (text, at, c) -> Character.isUpperCase(c)
                        ? lower(text, at, c)
                        : Character.isLowerCase(c) ? upper(c) : Character.toString(c));
    }

    /** The first character in title case, the others in lower case. */
    static Rope capitalized(Rope rope) {
        return mapped(rope, (text, at, c) -> at == 0 ? title(c) : lower(text, at, c));
    }

    /** Each letter at the start of a word in title case, the others in lower case. */
    static Rope titled(Rope rope) {
        boolean[] inWord = {false};
        return mapped(rope, (text, at, c) -> {
            String converted = inWord[0] ? lower(text, at, c) : title(c);
            inWord[0] = CodePoints.isCased(c);
            return converted;
        });
    }

    /** For comparisons that ignore case. */
    static Rope folded(Rope rope) {
        return mapped(rope, (_, _, c) -> folded(c));
    }

    private static String folded(int c) {
        if (c >= 0x13a0 && c <= 0x13f5) {
            return Character.toString(c);
        }
        if (c >= 0xab70 && c <= 0xabbf || c >= 0x13f8 && c <= 0x13fd) {
            return upper(c);
        }
        return switch (c) {
            case 0x131 -> "\u0131";
            case 0x130 -> "i\u0307";
            case 0x1e9e -> "ss";
            default -> {
                String simple = upper(c).toLowerCase(Locale.ROOT);
                yield simple.equals(FINAL_SIGMA) ? "\u03c3" : simple;
            }
        };
    }

    private static Rope mapped(Rope rope, Conversion conversion) {
        String text = rope.text();
        RopeBuilder mapped = new RopeBuilder(text.length());
        for (int at = 0; at < text.length(); ) {
            int c = text.codePointAt(at);
            mapped.append(conversion.convert(text, at, c), rope.isUserText(at));
            at += Character.charCount(c);
        }
        return mapped.rope().withMarkup(rope.isMarkup());
    }

    private static String upper(int c) {
        return c < 0x80 && (c < 'a' || c > 'z')
                ? Character.toString(c)
                : Character.toString(c).toUpperCase(Locale.ROOT);
    }

    private static String title(int c) {
        String upper = upper(c);
        if (upper.codePointCount(0, upper.length()) == 1) {
            return Character.toString(Character.toTitleCase(c));
        }
        if (Character.toTitleCase(c) != c && Character.isTitleCase(Character.toTitleCase(c))) {
            return Character.toString(Character.toTitleCase(c));
        }
        if (c >= 0x1f80 && c <= 0x1faf || c == 0x1fb3 || c == 0x1fc3 || c == 0x1ff3) {
            return Character.toString(Character.toTitleCase(c));
        }
        int first = upper.codePointAt(0);
        return Character.toString(first)
                + upper.substring(Character.charCount(first)).toLowerCase(Locale.ROOT);
    }

    private static String lower(String text, int at, int c) {
        if (c == SIGMA) {
            return endsWord(text, at) ? FINAL_SIGMA : "\u03c3";
        }
        return c < 0x80 && (c < 'A' || c > 'Z')
                ? Character.toString(c)
                : Character.toString(c).toLowerCase(Locale.ROOT);
    }

    /** Whether a letter comes before the position and none after it. */
    private static boolean endsWord(String text, int at) {
        int before = at;
        while (before > 0 && CodePoints.isCaseIgnorable(text.codePointBefore(before))) {
            before -= Character.charCount(text.codePointBefore(before));
        }
        if (before == 0 || !CodePoints.isCased(text.codePointBefore(before))) {
            return false;
        }
        int after = at + 1;
        while (after < text.length() && CodePoints.isCaseIgnorable(text.codePointAt(after))) {
            after += Character.charCount(text.codePointAt(after));
        }
        return after == text.length() || !CodePoints.isCased(text.codePointAt(after));
    }
}
