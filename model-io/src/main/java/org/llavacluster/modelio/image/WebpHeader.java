package org.llavacluster.modelio.image;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader.Format;

/** WebP, RFC 9649: a RIFF file that starts with a VP8, VP8L or VP8X chunk. */
final class WebpHeader {

    static final String SIGNATURE = "RIFF";
    static final String TYPE = "WEBP";

    private static final int FIRST_CHUNK = 12;
    private static final int CHUNK_HEADER = 8;
    private static final int EXIF_FLAG = 0x08;

    private WebpHeader() {}

    static ImageHeader read(EncodedBytes webp) {
        long data = FIRST_CHUNK + CHUNK_HEADER;
        if (webp.has(FIRST_CHUNK, "VP8 ")) {
            return lossy(webp, data);
        }
        if (webp.has(FIRST_CHUNK, "VP8L")) {
            return lossless(webp, data);
        }
        if (webp.has(FIRST_CHUNK, "VP8X")) {
            return extended(webp, data);
        }
        webp.u32(FIRST_CHUNK, LITTLE_ENDIAN);
        throw new ImageFormatException(Kind.BAD_HEADER);
    }

    /** RFC 6386, section 9.1: a key frame with its start code; 14 bits each of width and height. */
    private static ImageHeader lossy(EncodedBytes webp, long frame) {
        boolean keyFrame = (webp.u8(frame) & 1) == 0;
        if (!keyFrame || webp.u8(frame + 3) != 0x9D || webp.u16(frame + 4, LITTLE_ENDIAN) != 0x2A01) {
            throw new ImageFormatException(Kind.BAD_HEADER);
        }
        int width = webp.u16(frame + 6, LITTLE_ENDIAN) & 0x3FFF;
        int height = webp.u16(frame + 8, LITTLE_ENDIAN) & 0x3FFF;
        return ImageHeader.checked(Format.WEBP, width, height, ExifOrientation.AS_STORED);
    }

    /** RFC 9649, section 3.4: a signature byte, then 14 bits each of width - 1 and height - 1. */
    private static ImageHeader lossless(EncodedBytes webp, long data) {
        if (webp.u8(data) != 0x2F) {
            throw new ImageFormatException(Kind.BAD_HEADER);
        }
        int bits = webp.i32(data + 1, LITTLE_ENDIAN);
        int width = (bits & 0x3FFF) + 1;
        int height = (bits >>> 14 & 0x3FFF) + 1;
        return ImageHeader.checked(Format.WEBP, width, height, ExifOrientation.AS_STORED);
    }

    /** RFC 9649, section 2.7: flags, then 24 bits each of width - 1 and height - 1 of the canvas. */
    private static ImageHeader extended(EncodedBytes webp, long data) {
        int width = (webp.i32(data + 3, LITTLE_ENDIAN) >>> 8) + 1;
        int height = (webp.i32(data + 6, LITTLE_ENDIAN) >>> 8) + 1;
        boolean exif = (webp.u8(data) & EXIF_FLAG) != 0;
        return ImageHeader.checked(Format.WEBP, width, height, exif ? orientation(webp) : ExifOrientation.AS_STORED);
    }

    /**
     * Read from the EXIF chunk, which usually comes after the pixels. Chunks are skipped by their length, padded to an
     * even number.
     */
    private static int orientation(EncodedBytes webp) {
        for (long chunk = FIRST_CHUNK; chunk + CHUNK_HEADER <= webp.size(); ) {
            long length = webp.u32(chunk + 4, LITTLE_ENDIAN);
            if (webp.has(chunk, "EXIF")) {
                return ExifOrientation.of(webp.part(chunk + CHUNK_HEADER, length));
            }
            chunk += CHUNK_HEADER + length + (length & 1);
        }
        return ExifOrientation.AS_STORED;
    }
}
