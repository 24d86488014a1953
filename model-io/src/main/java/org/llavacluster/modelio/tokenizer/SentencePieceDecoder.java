package org.llavacluster.modelio.tokenizer;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.function.UnaryOperator;

/**
 * Joins pieces with "▁" as a space and drops some leading spaces. A run of byte tokens becomes one text if it is valid
 * UTF-8 as a whole, otherwise one U+FFFD per byte, so its text is known only at its end.
 */
final class SentencePieceDecoder implements TokenDecoder {

    private static final int NO_BYTE = -1;
    private static final byte[] NOTHING = {};

    /** The text of each id; null if there is no such token or it is special. */
    private final String[] pieces;

    /** The byte of an id, or {@link #NO_BYTE}. */
    private final short[] byteOf;

    private final byte[][] alone;
    private final char stripped;
    private final int strippedCount;

    /**
     * The settings of a tokenizer's decoder.
     *
     * @param piece converts a token's text
     * @param byteFallback whether tokens such as {@code <0x0A>} are bytes
     * @param strippedCount largest number of leading {@code stripped} characters to drop
     */
    record Rules(UnaryOperator<String> piece, boolean byteFallback, char stripped, int strippedCount) {}

    SentencePieceDecoder(Vocabulary vocabulary, BitSet specials, Rules rules) {
        pieces = new String[vocabulary.size()];
        byteOf = new short[pieces.length];
        alone = new byte[pieces.length][];
        stripped = rules.stripped();
        strippedCount = rules.strippedCount();
        for (int id = 0; id < pieces.length; id++) {
            String token = vocabulary.token(id);
            byteOf[id] = NO_BYTE;
            alone[id] = NOTHING;
            if (token == null) {
                continue;
            }
            String text = rules.piece().apply(token);
            int value = rules.byteFallback() ? byteIn(text) : NO_BYTE;
            alone[id] = value == NO_BYTE ? text.getBytes(StandardCharsets.UTF_8) : new byte[] {(byte) value};
            if (!specials.get(id)) {
                pieces[id] = text;
                byteOf[id] = (short) value;
            }
        }
    }

    /** The byte of a token {@code <0xHH>}; {@link #NO_BYTE} for any other. */
    static int byteIn(String token) {
        if (token.length() != 6 || !token.startsWith("<0x") || !token.endsWith(">")) {
            return NO_BYTE;
        }
        int high = Character.digit(token.charAt(3), 16);
        int low = Character.digit(token.charAt(4), 16);
        return high < 0 || low < 0 || token.charAt(3) > 'f' || token.charAt(4) > 'f' ? NO_BYTE : 16 * high + low;
    }

    @Override
    public byte[] bytesOf(int id) {
        return id >= 0 && id < alone.length ? alone[id].clone() : NOTHING;
    }

    @Override
    public Decoding start() {
        return new Running();
    }

    private final class Running implements Decoding {

        private byte[] run = NOTHING;
        private int runLength;
        private int toStrip = strippedCount;

        @Override
        public String add(int id) {
            if (id < 0 || id >= pieces.length || pieces[id] == null) {
                return "";
            }
            if (byteOf[id] != NO_BYTE) {
                if (runLength == run.length) {
                    run = Arrays.copyOf(run, Math.max(8, 2 * runLength));
                }
                run[runLength++] = (byte) byteOf[id];
                return "";
            }
            return runLength == 0 ? strip(pieces[id]) : strip(endRun() + pieces[id]);
        }

        @Override
        public String finish() {
            return strip(endRun());
        }

        private String endRun() {
            ByteBuffer bytes = ByteBuffer.wrap(run, 0, runLength);
            int length = runLength;
            runLength = 0;
            try {
                return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
            } catch (CharacterCodingException _) {
                return "\uFFFD".repeat(length);
            }
        }

        private String strip(String text) {
            int start = 0;
            while (toStrip > 0 && start < text.length()) {
                if (text.charAt(start) != stripped) {
                    toStrip = 0;
                    break;
                }
                toStrip--;
                start++;
            }
            return text.substring(start);
        }
    }
}
