package org.llavacluster.training.data;

/** Text as Python's {@code str} treats it, where Java differs: which characters are white space. */
public final class PythonText {

    private PythonText() {}

    /** As {@code str.strip()}. */
    public static String strip(String text) {
        int from = 0;
        int to = text.length();
        while (from < to && isSpace(text.charAt(from))) {
            from++;
        }
        while (to > from && isSpace(text.charAt(to - 1))) {
            to--;
        }
        return text.substring(from, to);
    }

    /** The number of parts of {@code str.split()}. */
    public static int words(String text) {
        int words = 0;
        boolean inWord = false;
        for (int at = 0; at < text.length(); at++) {
            boolean space = isSpace(text.charAt(at));
            if (!space && !inWord) {
                words++;
            }
            inWord = !space;
        }
        return words;
    }

    /** As {@code str.isspace()}: all such characters are in the basic plane. */
    public static boolean isSpace(char c) {
        return c >= '\t' && c <= '\r'
                || c >= 0x1C && c <= ' '
                || c == 0x85
                || c == 0xA0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200A
                || c == 0x2028
                || c == 0x2029
                || c == 0x202F
                || c == 0x205F
                || c == 0x3000;
    }
}
