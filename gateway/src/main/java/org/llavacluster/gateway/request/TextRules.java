package org.llavacluster.gateway.request;

import java.nio.charset.StandardCharsets;

/** What a text must be for a tokenizer to make sense of it. */
final class TextRules {

    private TextRules() {}

    /** Whether somebody would see anything of it. */
    static boolean visible(String text) {
        return text.codePoints().anyMatch(TextRules::visible);
    }

    private static boolean visible(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SPACE_SEPARATOR,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> false;
            default -> true;
        };
    }

    /**
     * Length in UTF-8.
     *
     * @throws org.llavacluster.node.failure.FailureException for a surrogate without its other half, which JSON can spell and UTF-8 cannot
     */
    static long bytes(String field, String text) {
        for (int i = 0; i < text.length(); i++) {
            char unit = text.charAt(i);
            if (Character.isHighSurrogate(unit)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1))) {
                i++;
            } else if (Character.isSurrogate(unit)) {
                throw Refusals.refuse(field, "is not Unicode text: a surrogate stands alone at index " + i);
            }
        }
        return text.getBytes(StandardCharsets.UTF_8).length;
    }
}
