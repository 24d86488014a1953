package org.llavacluster.gateway.openai;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * The base64 data of a data URL as browsers decode it: percent-decoded (WHATWG URL), then with "forgiving-base64
 * decode" of WHATWG Infra, which skips white space and accepts a last group without padding. It refuses the URL-safe
 * alphabet, as browsers do.
 */
final class DataUrlBase64 {

    private DataUrlBase64() {}

    /**
     * Decodes the data from {@code from} on, up to a fragment.
     *
     * @param field the URL's place in the request, for errors
     * @throws FailureException {@link Failure.Invalid} if it is not base64; never with a part of it
     */
    static byte[] decode(String field, String url, int from) {
        int end = url.length();
        while (end > from && url.charAt(end - 1) <= ' ') {
            end--;
        }
        byte[] symbols = new byte[end - from];
        int length = 0;
        for (int at = from; at < end && url.charAt(at) != '#'; at++) {
            int symbol = url.charAt(at);
            if (symbol == '%' && isEscape(url, at)) {
                symbol = Character.digit(url.charAt(at + 1), 16) << 4 | Character.digit(url.charAt(at + 2), 16);
                at += 2;
            }
            if (isWhiteSpace(symbol)) {
                continue;
            }
            if (symbol > 0x7F) {
                throw wrongAlphabet(field);
            }
            symbols[length++] = (byte) symbol;
        }
        return decode(field, symbols, withoutPadding(symbols, length));
    }

    private static byte[] decode(String field, byte[] symbols, int length) {
        if (length % 4 == 1) {
            throw refuse(field, "must be base64: the last group is cut off");
        }
        for (int i = 0; i < length; i++) {
            // The decoder would accept padding within the last group, which is not part of the alphabet.
            if (symbols[i] == '=') {
                throw wrongAlphabet(field);
            }
        }
        try {
            ByteBuffer decoded = Base64.getDecoder().decode(ByteBuffer.wrap(symbols, 0, length));
            return decoded.array().length == decoded.limit()
                    ? decoded.array()
                    : Arrays.copyOf(decoded.array(), decoded.limit());
        } catch (IllegalArgumentException e) {
            throw wrongAlphabet(field);
        }
    }

    private static int withoutPadding(byte[] symbols, int length) {
        int end = length;
        while (length % 4 == 0 && end > 0 && length - end < 2 && symbols[end - 1] == '=') {
            end--;
        }
        return end;
    }

    private static boolean isEscape(String url, int at) {
        return at + 2 < url.length()
                && url.charAt(at + 1) < 0x80
                && url.charAt(at + 2) < 0x80
                && Character.digit(url.charAt(at + 1), 16) >= 0
                && Character.digit(url.charAt(at + 2), 16) >= 0;
    }

    private static boolean isWhiteSpace(int symbol) {
        return symbol == ' ' || symbol == '\t' || symbol == '\n' || symbol == '\f' || symbol == '\r';
    }

    private static FailureException wrongAlphabet(String field) {
        return refuse(field, "must be base64 of the standard alphabet: letters, digits, + and /, then = as padding");
    }

    private static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }
}
