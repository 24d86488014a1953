package org.llavacluster.modelio.tokenizer;

/** UTF-8 of single code points, and well-formed texts. */
final class Utf8 {

    private Utf8() {}

    static int length(int codePoint) {
        return codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
    }

    /** The byte at {@code index} of the {@code length} bytes of a code point, 0 to 255. */
    static int byteAt(int codePoint, int index, int length) {
        if (length == 1) {
            return codePoint;
        }
        int bits = codePoint >> 6 * (length - 1 - index);
        return index > 0 ? 0x80 | bits & 0x3F : 0xF00 >> length & 0xFF | bits;
    }

    /** The text with U+FFFD for unpaired surrogates, which UTF-8 cannot represent. */
    static String wellFormed(String text) {
        StringBuilder repaired = null;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            if (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE) {
                repaired = repaired == null ? new StringBuilder(text) : repaired;
                repaired.setCharAt(i, '\uFFFD');
            }
            i += Character.charCount(c);
        }
        return repaired == null ? text : repaired.toString();
    }
}
