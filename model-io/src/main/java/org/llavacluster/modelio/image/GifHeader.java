package org.llavacluster.modelio.image;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader.Format;

/** GIF87a and GIF89a: the logical screen, enlarged if the first frame reaches beyond it, as in Pillow. */
final class GifHeader {

    static final String SIGNATURE_87 = "GIF87a";
    static final String SIGNATURE_89 = "GIF89a";

    private static final int SCREEN_END = 13;
    private static final int EXTENSION = 0x21;
    private static final int IMAGE = 0x2C;

    private GifHeader() {}

    static ImageHeader read(EncodedBytes gif) {
        long at = frame(gif);
        int frameWidth = gif.u16(at + 5, LITTLE_ENDIAN);
        int frameHeight = gif.u16(at + 7, LITTLE_ENDIAN);
        if (frameWidth == 0 || frameHeight == 0) {
            throw new ImageFormatException(Kind.ZERO_SIZE);
        }
        int width = Math.max(gif.u16(6, LITTLE_ENDIAN), gif.u16(at + 1, LITTLE_ENDIAN) + frameWidth);
        int height = Math.max(gif.u16(8, LITTLE_ENDIAN), gif.u16(at + 3, LITTLE_ENDIAN) + frameHeight);
        return ImageHeader.checked(Format.GIF, width, height, ExifOrientation.AS_STORED);
    }

    /** Pixels of the first frame, which may be far fewer than those of the logical screen. */
    static long framePixels(EncodedBytes gif) {
        long frame = frame(gif);
        return (long) gif.u16(frame + 5, LITTLE_ENDIAN) * gif.u16(frame + 7, LITTLE_ENDIAN);
    }

    /** Offset of the first frame's descriptor. */
    private static long frame(EncodedBytes gif) {
        long at = SCREEN_END + paletteBytes(gif.u8(10));
        while (gif.u8(at) == EXTENSION) {
            at = skipBlocks(gif, at + 2);
        }
        if (gif.u8(at) != IMAGE) {
            throw new ImageFormatException(Kind.BAD_HEADER);
        }
        return at;
    }

    private static int paletteBytes(int flags) {
        return (flags & 0x80) == 0 ? 0 : 3 << (flags & 7) + 1;
    }

    /** Offset after the data of an extension, which are blocks with a length each, up to an empty one. */
    private static long skipBlocks(EncodedBytes gif, long first) {
        long at = first;
        for (int length = gif.u8(at); length != 0; length = gif.u8(at)) {
            at += 1 + length;
        }
        return at + 1;
    }
}
