package org.llavacluster.modelio.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.llavacluster.modelio.image.ImageFormatException.Kind;

/**
 * Bytes of an encoded image, read at absolute offsets. Reading outside of them throws {@link Kind#TRUNCATED}, so
 * readers need no bounds checks. Offsets are long and cannot overflow.
 */
final class EncodedBytes {

    private final ByteBuffer bytes;

    /** The bytes from the buffer's position to its limit. */
    EncodedBytes(ByteBuffer buffer) {
        bytes = buffer.slice().order(ByteOrder.BIG_ENDIAN);
    }

    int size() {
        return bytes.limit();
    }

    /** A part of these bytes, shortened if they end earlier. */
    EncodedBytes part(long offset, long length) {
        int from = index(offset, 0);
        return new EncodedBytes(bytes.slice(from, (int) Math.min(length, size() - from)));
    }

    ByteBuffer slice(long offset, int length) {
        return bytes.slice(index(offset, length), length);
    }

    int u8(long offset) {
        return Byte.toUnsignedInt(bytes.get(index(offset, 1)));
    }

    int u16(long offset, ByteOrder order) {
        short value = bytes.getShort(index(offset, 2));
        return Short.toUnsignedInt(order == ByteOrder.BIG_ENDIAN ? value : Short.reverseBytes(value));
    }

    int i32(long offset, ByteOrder order) {
        int value = bytes.getInt(index(offset, 4));
        return order == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    long u32(long offset, ByteOrder order) {
        return Integer.toUnsignedLong(i32(offset, order));
    }

    /** Whether the Latin-1 text is at the offset; false if the bytes end before it. */
    boolean has(long offset, String text) {
        byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
        if (offset > size() - wanted.length) {
            return false;
        }
        return bytes.slice((int) offset, wanted.length).equals(ByteBuffer.wrap(wanted));
    }

    /** Whether these bytes are a proper prefix of the Latin-1 text. */
    boolean endsWithin(String text) {
        return size() < text.length() && has(0, text.substring(0, size()));
    }

    private int index(long offset, int length) {
        if (offset < 0 || offset > size() - length) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        return (int) offset;
    }
}
