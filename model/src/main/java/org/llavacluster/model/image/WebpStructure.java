package org.llavacluster.model.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.llavacluster.text.image.ImageFormatException;
import org.llavacluster.text.image.ImageFormatException.Kind;
import org.llavacluster.text.image.ImageHeader;

/**
 * The chunks of a WebP (RFC 9649), checked before decoding: the decoder reads zeros where the file ends, and takes memory for
 * whatever size the pixel data themselves say.
 */
final class WebpStructure {

    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;
    /** Offsets, sizes, duration and flags in front of the chunks of a frame of an animation. */
    private static final int FRAME_HEADER = 16;
    /** Bit of the first byte of VP8X, which announces a colour profile. */
    private static final int PROFILE_FLAG = 0x20;

    private final ByteBuffer webp;

    private WebpStructure(byte[] webp) {
        this.webp = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
    }

    /**
     * The bytes to decode: these, or a copy that does not announce a colour profile. The reader would apply it; here as in Pillow
     * samples are taken as sRGB.
     *
     * @throws ImageFormatException if a chunk is cut off, or the first picture has not the size of the header
     */
    static byte[] checked(byte[] webp, ImageHeader header) {
        new WebpStructure(webp).check(header);
        if (webp[FIRST_CHUNK + 3] != 'X' || (webp[FIRST_CHUNK + CHUNK_HEADER] & PROFILE_FLAG) == 0) {
            return webp;
        }
        byte[] plain = webp.clone();
        plain[FIRST_CHUNK + CHUNK_HEADER] &= ~PROFILE_FLAG;
        return plain;
    }

    private void check(ImageHeader header) {
        long end = CHUNK_HEADER + Integer.toUnsignedLong(webp.getInt(4));
        if (end > webp.limit()) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        for (long chunk = FIRST_CHUNK; chunk + CHUNK_HEADER <= end; ) {
            int at = (int) chunk;
            long length = Integer.toUnsignedLong(webp.getInt(at + 4));
            if (chunk + CHUNK_HEADER + length > end) {
                throw new ImageFormatException(Kind.TRUNCATED);
            }
            if (has(at, "ANMF")) {
                chunk += CHUNK_HEADER + FRAME_HEADER;
                continue;
            }
            if (has(at, "VP8 ") || has(at, "VP8L")) {
                requireSize(at, header);
                return;
            }
            chunk += CHUNK_HEADER + length + (length & 1);
        }
        throw new ImageFormatException(Kind.CORRUPT);
    }

    private void requireSize(int chunk, ImageHeader header) {
        boolean lossy = webp.get(chunk + 3) == ' ';
        int size = chunk + CHUNK_HEADER + (lossy ? 6 : 1);
        if (size > webp.limit() - Integer.BYTES) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        int bits = webp.getInt(size);
        int width = lossy ? bits & 0x3FFF : (bits & 0x3FFF) + 1;
        int height = lossy ? bits >>> 16 & 0x3FFF : (bits >>> 14 & 0x3FFF) + 1;
        if (width != header.width() || height != header.height()) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
    }

    private boolean has(int chunk, String type) {
        for (int i = 0; i < type.length(); i++) {
            if (webp.get(chunk + i) != type.charAt(i)) {
                return false;
            }
        }
        return true;
    }
}
