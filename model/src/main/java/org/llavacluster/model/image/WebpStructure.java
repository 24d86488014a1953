package org.llavacluster.model.image;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.llavacluster.modelio.image.ImageFormatException;
import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader;

/**
 * The chunks of a WebP (RFC 9649), checked before decoding. The decoder reads still images only, and it allocates
 * memory for the size in the pixel data, which may differ from the header's.
 */
final class WebpStructure {

    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int EXTENDED_BYTES = 10;
    /** Offsets, sizes, duration and flags before the chunks of an animation's frame. */
    private static final int FRAME_HEADER = 16;
    /** Bit of VP8X's first byte that announces transparency. */
    private static final int ALPHA_FLAG = 0x10;

    private final ByteBuffer webp;
    private final ImageHeader header;
    private final long end;

    private WebpStructure(byte[] webp, ImageHeader header) {
        this.webp = ByteBuffer.wrap(webp).order(ByteOrder.LITTLE_ENDIAN);
        this.header = header;
        end = CHUNK_HEADER + Integer.toUnsignedLong(this.webp.getInt(4));
    }

    /**
     * The still image of a file, or the first frame of an animation.
     *
     * @param still a file with only this image
     * @param left column of the canvas where it starts
     * @param top row of the canvas where it starts
     * @param alpha whether the canvas is transparent
     */
    record FirstImage(byte[] still, int left, int top, int width, int height, boolean alpha) {}

    /**
     * Finds the image to decode.
     *
     * @throws ImageFormatException if a chunk is truncated, or the pixels do not have the size in the header
     */
    static FirstImage first(byte[] webp, ImageHeader header) {
        return new WebpStructure(webp, header).first();
    }

    private FirstImage first() {
        if (end > webp.limit()) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        for (long chunk = FIRST_CHUNK; chunk + CHUNK_HEADER <= end; chunk = next(chunk)) {
            int at = (int) chunk;
            requireWhole(chunk);
            if (has(at, "ANMF")) {
                return frame(at);
            }
            if (isPixels(at)) {
                requireSize(at, header.width(), header.height());
                return new FirstImage(webp.array(), 0, 0, header.width(), header.height(), false);
            }
        }
        throw new ImageFormatException(Kind.CORRUPT);
    }

    private FirstImage frame(int chunk) {
        int frame = chunk + CHUNK_HEADER;
        if (length(chunk) < FRAME_HEADER) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
        int left = 2 * u24(frame);
        int top = 2 * u24(frame + 3);
        int width = u24(frame + 6) + 1;
        int height = u24(frame + 9) + 1;
        if (left > header.width() - width || top > header.height() - height) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
        int frameEnd = (int) next(chunk);
        int alphaChunk = 0;
        for (long inner = frame + FRAME_HEADER; inner + CHUNK_HEADER <= frameEnd; inner = next(inner)) {
            int at = (int) inner;
            requireWhole(inner);
            if (has(at, "ALPH")) {
                alphaChunk = at;
            } else if (isPixels(at)) {
                requireSize(at, width, height);
                return new FirstImage(still(width, height, alphaChunk, at), left, top, width, height, isTransparent());
            }
        }
        throw new ImageFormatException(Kind.CORRUPT);
    }

    /** A file with the frame's chunks and a header of its own. */
    private byte[] still(int width, int height, int alphaChunk, int pixels) {
        int alphaBytes = alphaChunk == 0 ? 0 : (int) (next(alphaChunk) - alphaChunk);
        int pixelBytes = (int) Math.min(next(pixels), webp.limit()) - pixels;
        int bytes = FIRST_CHUNK + CHUNK_HEADER + EXTENDED_BYTES + alphaBytes + pixelBytes;
        ByteBuffer still = ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
        still.put(latin1("RIFF")).putInt(bytes - CHUNK_HEADER).put(latin1("WEBPVP8X"));
        still.putInt(EXTENDED_BYTES).putInt(isTransparent() ? ALPHA_FLAG : 0);
        putSize(still, width);
        putSize(still, height);
        return still.put(webp.slice(alphaChunk, alphaBytes))
                .put(webp.slice(pixels, pixelBytes))
                .array();
    }

    private static void putSize(ByteBuffer still, int size) {
        still.putShort((short) (size - 1)).put((byte) (size - 1 >> 16));
    }

    /** Whether the canvas has an alpha channel; otherwise transparent pixels are treated as opaque. */
    private boolean isTransparent() {
        return has(FIRST_CHUNK, "VP8X") && (webp.get(FIRST_CHUNK + CHUNK_HEADER) & ALPHA_FLAG) != 0;
    }

    private long length(long chunk) {
        return Integer.toUnsignedLong(webp.getInt((int) chunk + 4));
    }

    private long next(long chunk) {
        long length = length(chunk);
        return chunk + CHUNK_HEADER + length + (length & 1);
    }

    private void requireWhole(long chunk) {
        if (chunk + CHUNK_HEADER + length(chunk) > end) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
    }

    private boolean isPixels(int chunk) {
        return has(chunk, "VP8 ") || has(chunk, "VP8L");
    }

    private void requireSize(int chunk, int imageWidth, int imageHeight) {
        boolean lossy = webp.get(chunk + 3) == ' ';
        int size = chunk + CHUNK_HEADER + (lossy ? 6 : 1);
        if (size > webp.limit() - Integer.BYTES) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        int bits = webp.getInt(size);
        int width = lossy ? bits & 0x3FFF : (bits & 0x3FFF) + 1;
        int height = lossy ? bits >>> 16 & 0x3FFF : (bits >>> 14 & 0x3FFF) + 1;
        if (width != imageWidth || height != imageHeight) {
            throw new ImageFormatException(Kind.CORRUPT);
        }
    }

    private int u24(int at) {
        return Short.toUnsignedInt(webp.getShort(at)) | Byte.toUnsignedInt(webp.get(at + 2)) << 16;
    }

    private static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
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
