package org.llavacluster.modelio.tokenizer;

import java.util.BitSet;

/** Decodes tokens that are bytes. The text is the UTF-8 decoding of all of them, with U+FFFD for invalid bytes. */
final class ByteLevelDecoder implements TokenDecoder {

    private static final byte[] NOTHING = {};

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

        private final Utf8Text text = new Utf8Text();

        @Override
        public String add(int id) {
            if (id < 0 || id >= bytes.length || specials.get(id)) {
                return "";
            }
            StringBuilder out = new StringBuilder();
            for (byte b : bytes[id]) {
                text.add(b & 0xFF, out);
            }
            return out.toString();
        }

        @Override
        public String finish() {
            StringBuilder out = new StringBuilder();
            text.finish(out);
            return out.toString();
        }
    }
}
