package org.llavacluster.cli.terminal;

/**
 * Text of a model or a file name, safe for a terminal. Line breaks and tabs stay; every other control character is made
 * visible, so that it cannot move the cursor, change colours or titles, or reverse the order of letters.
 */
public final class VisibleText {

    private VisibleText() {}

    /** C0 characters in caret notation (ESC is {@code ^[}), all others that terminals interpret by their code point. */
    public static String of(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints().forEach(point -> append(shown, point));
        return shown.toString();
    }

    private static void append(StringBuilder shown, int point) {
        if (point == '\n' || point == '\t') {
            shown.append((char) point);
        } else if (point < 0x20 || point == 0x7f) {
            shown.append('^').append((char) (point ^ 0x40));
        } else if (isObeyed(point)) {
            shown.append("<U+%04X>".formatted(point));
        } else {
            shown.appendCodePoint(point);
        }
    }

    /**
     * C1 controls, line and paragraph separators, embeddings, overrides and isolates of direction, invisible tags,
     * unpaired surrogates.
     */
    private static boolean isObeyed(int point) {
        return (point >= 0x80 && point <= 0x9f)
                || (point >= 0x2028 && point <= 0x202e)
                || (point >= 0x2066 && point <= 0x2069)
                || (point >= 0xe0000 && point <= 0xe007f)
                || (point >= 0xd800 && point <= 0xdfff);
    }
}
