package org.llavacluster.gateway.request;

import java.nio.charset.StandardCharsets;

/** The rules for texts that are tokenized. */
final class TextRules {

    private TextRules() {}

    /**
     * Length in bytes of UTF-8.
     *
     * @throws org.llavacluster.node.failure.FailureException for an unpaired surrogate, which JSON can express and
     *     UTF-8 cannot
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
