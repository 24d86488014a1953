package org.llavacluster.modelio.jinja;

/** Python's character classes. */
final class CodePoints {

    private CodePoints() {}

    static boolean isSpace(int c) {
        return c >= 0x09 && c <= 0x0d
                || c >= 0x1c && c <= 0x20
                || c == 0x85
                || c == 0xa0
                || c == 0x1680
                || c >= 0x2000 && c <= 0x200a
                || c == 0x2028
                || c == 0x2029
                || c == 0x202f
                || c == 0x205f
                || c == 0x3000;
    }

    static boolean isLineEnd(int c) {
        return c >= 0x0a && c <= 0x0d || c >= 0x1c && c <= 0x1e || c == 0x85 || c == 0x2028 || c == 0x2029;
    }

    static boolean isPrintable(int c) {
        return c == ' '
                || switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.PRIVATE_USE,
                            Character.UNASSIGNED,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR,
                            Character.SPACE_SEPARATOR -> false;
                    default -> true;
                };
    }

    static boolean isAlpha(int c) {
        return Character.isLetter(c);
    }

    static boolean isDecimal(int c) {
        return Character.isDigit(c);
    }

    /** Digits and digit-like characters: superscripts, circled digits ... */
    static boolean isDigit(int c) {
        return isDecimal(c)
                || c == 0xb2
                || c == 0xb3
                || c == 0xb9
                || c >= 0x1369 && c <= 0x1371
                || c == 0x19da
                || c == 0x2070
                || c >= 0x2074 && c <= 0x2079
                || c >= 0x2080 && c <= 0x2089
                || c >= 0x2460 && c <= 0x2468
                || c >= 0x2474 && c <= 0x247c
                || c >= 0x2488 && c <= 0x2490
                || c == 0x24ea
                || c >= 0x24f5 && c <= 0x24fd
                || c == 0x24ff
                || c >= 0x2776 && c <= 0x277e
                || c >= 0x2780 && c <= 0x2788
                || c >= 0x278a && c <= 0x2792
                || c >= 0x10a40 && c <= 0x10a43
                || c >= 0x10e60 && c <= 0x10e68
                || c >= 0x11052 && c <= 0x1105a
                || c >= 0x1f100 && c <= 0x1f10a;
    }

    /** Characters with a numeric value, including Han numerals. */
    static boolean isNumeric(int c) {
        return switch (Character.getType(c)) {
            case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
            default -> "㐅㒃㠪㭍一七万三九二五亖亿什仟仨伍佰億兆兩八六十千卅卌叁参參叄四壱壹幺廾廿弌弍弎弐拾捌柒漆玖百肆萬贰貳陆陌陸零".indexOf(c) >= 0;
        };
    }

    static boolean isAlphanumeric(int c) {
        return isAlpha(c) || isNumeric(c) || isDigit(c);
    }

    /** What {@code \w} matches. */
    static boolean isWord(int c) {
        return c == '_' || isAlphanumeric(c);
    }

    static boolean isIdentifierStart(int c) {
        return c == '_' || Character.isUnicodeIdentifierStart(c) && c != 0x37a && c != 0x309b && c != 0x309c;
    }

    static boolean isIdentifierPart(int c) {
        return isIdentifierStart(c)
                || Character.isUnicodeIdentifierPart(c) && !Character.isIdentifierIgnorable(c)
                || c == 0xb7;
    }

    static boolean isIdentifier(String text) {
        return !text.isEmpty()
                && isIdentifierStart(text.codePointAt(0))
                && text.codePoints().allMatch(CodePoints::isIdentifierPart);
    }

    static boolean isCased(int c) {
        return Character.isLowerCase(c) || Character.isUpperCase(c) || Character.isTitleCase(c);
    }

    /** Characters that do not end a word in the choice between the two small sigmas. */
    static boolean isCaseIgnorable(int c) {
        return switch (Character.getType(c)) {
            case Character.NON_SPACING_MARK,
                    Character.ENCLOSING_MARK,
                    Character.FORMAT,
                    Character.MODIFIER_LETTER,
                    Character.MODIFIER_SYMBOL -> true;
            default ->
                "'.:\u00b7\u0387\u055f\u05f4\u2018\u2019\u2024\u2027\ufe13\ufe52\ufe55\uff07\uff0e\uff1a".indexOf(c)
                        >= 0;
        };
    }
}
