package org.llavacluster.modelio.jinja;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Python's {@code bytes}, the result of {@code encode()}. The array must not be changed. */
record BytesValue(byte[] bytes, boolean user) {

    Rope decoded() {
        try {
            return Rope.by(
                    user,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes))
                            .toString());
        } catch (CharacterCodingException e) {
            throw TemplateException.value("'utf-8' codec can't decode the bytes");
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof BytesValue that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return bytes.length + " bytes";
    }
}
