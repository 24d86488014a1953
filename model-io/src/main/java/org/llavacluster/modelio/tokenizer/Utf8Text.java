package org.llavacluster.modelio.tokenizer;

/**
 * Decodes bytes to text one by one, as the WHATWG Encoding Standard defines: one U+FFFD for each longest run of bytes
 * that starts a character without completing it. The JDK's decoder counts some of these runs differently.
 */
final class Utf8Text {

    private static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int needed;
    private int lowest = 0x80;
    private int highest = 0xBF;

    /** @param unsignedByte 0 to 255 */
    void add(int unsignedByte, StringBuilder out) {
        if (needed > 0 && (unsignedByte < lowest || unsignedByte > highest)) {
            finish(out);
        }
        if (needed == 0) {
            begin(unsignedByte, out);
            return;
        }
        lowest = 0x80;
        highest = 0xBF;
        codePoint = codePoint << 6 | unsignedByte & 0x3F;
        if (--needed == 0) {
            out.appendCodePoint(codePoint);
        }
    }

    /** Ends the bytes. */
    void finish(StringBuilder out) {
        if (needed > 0) {
            out.append(REPLACEMENT);
            needed = 0;
            lowest = 0x80;
            highest = 0xBF;
        }
    }

    /** The bounds of the second byte exclude overlong forms, surrogates and code points beyond U+10FFFF. */
    private void begin(int first, StringBuilder out) {
        if (first < 0x80) {
            out.append((char) first);
        } else if (first >= 0xC2 && first <= 0xDF) {
            needed = 1;
            codePoint = first & 0x1F;
        } else if (first >= 0xE0 && first <= 0xEF) {
            needed = 2;
            codePoint = first & 0xF;
            lowest = first == 0xE0 ? 0xA0 : 0x80;
            highest = first == 0xED ? 0x9F : 0xBF;
        } else if (first >= 0xF0 && first <= 0xF4) {
            needed = 3;
            codePoint = first & 0x7;
            lowest = first == 0xF0 ? 0x90 : 0x80;
            highest = first == 0xF4 ? 0x8F : 0xBF;
        } else {
            out.append(REPLACEMENT);
        }
    }
}
