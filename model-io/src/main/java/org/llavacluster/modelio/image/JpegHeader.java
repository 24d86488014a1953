package org.llavacluster.modelio.image;

import static java.nio.ByteOrder.BIG_ENDIAN;

import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader.Format;

/** JPEG, ITU-T T.81 annex B: marker segments up to the first scan. */
final class JpegHeader {

    static final String SIGNATURE = "\u00ff\u00d8\u00ff";

    private static final int TEM = 0x01;
    private static final int RST0 = 0xD0;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP1 = 0xE1;

    private JpegHeader() {}

    static ImageHeader read(EncodedBytes jpeg) {
        int orientation = 0;
        long frame = 0;
        for (long at = 2; ; ) {
            at = markerAt(jpeg, at);
            int marker = jpeg.u8(at);
            at++;
            if (marker == TEM || (marker >= RST0 && marker <= SOI)) {
                continue;
            }
            if (marker == SOS) {
                break;
            }
            int length = marker == EOI ? 0 : jpeg.u16(at, BIG_ENDIAN);
            if (length < 2) {
                throw new ImageFormatException(Kind.BAD_HEADER);
            }
            if (isFrame(marker)) {
                frame = at;
            } else if (marker == APP1 && orientation == 0) {
                EncodedBytes segment = jpeg.part(at + 2, length - 2);
                orientation = ExifOrientation.isExif(segment) ? ExifOrientation.of(segment) : 0;
            }
            at += length;
        }
        if (frame == 0) {
            throw new ImageFormatException(Kind.BAD_HEADER);
        }
        int height = jpeg.u16(frame + 3, BIG_ENDIAN);
        int width = jpeg.u16(frame + 5, BIG_ENDIAN);
        return ImageHeader.checked(Format.JPEG, width, height, Math.max(orientation, ExifOrientation.AS_STORED));
    }

    /** Offset of the next marker's code. Skips fill bytes, and bytes between segments as libjpeg does. */
    private static long markerAt(EncodedBytes jpeg, long from) {
        long at = from;
        while (true) {
            while (jpeg.u8(at) != 0xFF) {
                at++;
            }
            while (jpeg.u8(at) == 0xFF) {
                at++;
            }
            if (jpeg.u8(at) != 0) {
                return at;
            }
        }
    }

    /** SOF0 to SOF15, without DHT, JPG and DAC, which lie in the same range. */
    private static boolean isFrame(int marker) {
        return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
    }
}
