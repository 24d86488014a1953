package org.llavacluster.modelio.image;

import static java.nio.ByteOrder.BIG_ENDIAN;

import java.util.zip.CRC32;
import org.llavacluster.modelio.image.ImageFormatException.Kind;
import org.llavacluster.modelio.image.ImageHeader.Format;

/** PNG, ISO/IEC 15948: signature, IHDR, other chunks. */
final class PngHeader {

    static final String SIGNATURE = "\u0089PNG\r\n\u001a\n";

    private static final int HEADER_BYTES = 13;
    /** Length and type before a chunk's data and a CRC after it. */
    private static final int CHUNK_OVERHEAD = 12;

    private PngHeader() {}

    static ImageHeader read(EncodedBytes png) {
        long chunk = SIGNATURE.length();
        if (png.u32(chunk, BIG_ENDIAN) != HEADER_BYTES || png.i32(chunk + 4, BIG_ENDIAN) != type("IHDR")) {
            throw new ImageFormatException(Kind.BAD_HEADER);
        }
        CRC32 crc = new CRC32();
        crc.update(png.slice(chunk + 4, 4 + HEADER_BYTES));
        long data = chunk + 8;
        if (png.u32(data + HEADER_BYTES, BIG_ENDIAN) != crc.getValue() || !knownLayout(png, data)) {
            throw new ImageFormatException(Kind.BAD_HEADER);
        }
        int width = png.i32(data, BIG_ENDIAN);
        int height = png.i32(data + 4, BIG_ENDIAN);
        return ImageHeader.checked(Format.PNG, width, height, orientation(png, chunk + CHUNK_OVERHEAD + HEADER_BYTES));
    }

    /** Whether depth and colour type are a valid pair and the methods are the only defined ones. */
    private static boolean knownLayout(EncodedBytes png, long data) {
        int depth = png.u8(data + 8);
        boolean known =
                switch (png.u8(data + 9)) {
                    case 0 -> depth == 1 || depth == 2 || depth == 4 || depth == 8 || depth == 16;
                    case 3 -> depth == 1 || depth == 2 || depth == 4 || depth == 8;
                    case 2, 4, 6 -> depth == 8 || depth == 16;
                    default -> false;
                };
        return known && png.u8(data + 10) == 0 && png.u8(data + 11) == 0 && png.u8(data + 12) <= 1;
    }

    /** Read from the eXIf chunk, which may come before or after the pixels. Chunks are skipped by their length only. */
    private static int orientation(EncodedBytes png, long firstChunk) {
        for (long chunk = firstChunk; chunk + CHUNK_OVERHEAD <= png.size(); ) {
            long length = png.u32(chunk, BIG_ENDIAN);
            int type = png.i32(chunk + 4, BIG_ENDIAN);
            if (type == type("eXIf")) {
                return ExifOrientation.of(png.part(chunk + 8, length));
            }
            if (type == type("IEND")) {
                break;
            }
            chunk += CHUNK_OVERHEAD + length;
        }
        return ExifOrientation.AS_STORED;
    }

    private static int type(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }
}
