package org.llavacluster.modelio.image;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader.Format;

/** Windows bitmap: a file header of 14 bytes, then an information header that starts with its own size. */
final class BmpHeader {

    static final String SIGNATURE = "BM";

    private static final int INFO = 14;
    /** BITMAPCOREHEADER: 16-bit sizes. */
    private static final int CORE_BYTES = 12;

    private BmpHeader() {}

    static ImageHeader read(EncodedBytes bmp) {
        return switch (bmp.i32(INFO, LITTLE_ENDIAN)) {
            case CORE_BYTES -> header(bmp.u16(INFO + 4, LITTLE_ENDIAN), bmp.u16(INFO + 6, LITTLE_ENDIAN));
            case 40, 52, 56, 64, 108, 124 -> header(bmp.i32(INFO + 4, LITTLE_ENDIAN), bmp.i32(INFO + 8, LITTLE_ENDIAN));
            default -> throw new ImageFormatException(Kind.BAD_HEADER);
        };
    }

    /** A negative height means that rows are stored from the top. */
    private static ImageHeader header(int width, int height) {
        return ImageHeader.checked(Format.BMP, width, height < 0 ? -height : height, ExifOrientation.AS_STORED);
    }
}
