package org.llavacluster.text.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.BitSet;

/** Tokens are bytes, and the text is what UTF-8 makes of all of them: U+FFFD for what it cannot read. */
final class ByteLevelDecoder implements TokenDecoder {

    private static final byte[] NOTHING = {};
    private static final int LONGEST_INCOMPLETE = 3;

    private final byte[][] bytes;
    private final BitSet specials;

    ByteLevelDecoder(Vocabulary vocabulary, BitSet specials) {
        bytes = new byte[vocabulary.size()][];
        for (int id = 0; id < bytes.length; id++) {
            String token = vocabulary.token(id);
            bytes[id] = token == null ? NOTHING : ByteAlphabet.read(token);
        }
        this.specials = specials;
    }

    @Override
    public byte[] bytesOf(int id) {
        return id >= 0 && id < bytes.length ? bytes[id].clone() : NOTHING;
    }

    @Override
    public Decoding start() {
        return new Running();
    }

    private final class Running implements Decoding {

        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);

        /** The bytes of a character that is not complete. */
        private byte[] rest = NOTHING;

        @Override
        public String add(int id) {
            if (id < 0 || id >= bytes.length || specials.get(id) || bytes[id].length == 0) {
                return "";
            }
            return decode(bytes[id], false);
        }

        @Override
        public String finish() {
            String text = decode(NOTHING, true);
            decoder.reset();
            return text;
        }

        private String decode(byte[] more, boolean end) {
            ByteBuffer in = ByteBuffer.allocate(rest.length + more.length);
            in.put(rest).put(more).flip();
            CharBuffer out = CharBuffer.allocate(in.remaining() + LONGEST_INCOMPLETE);
            decoder.decode(in, out, end);
            rest = new byte[in.remaining()];
            in.get(rest);
            return out.flip().toString();
        }
    }
}
