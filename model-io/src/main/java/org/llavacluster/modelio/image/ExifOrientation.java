package org.llavacluster.modelio.image;

import java.nio.ByteOrder;

/**
 * The orientation in an EXIF block (EXIF 2.32, section 4.6: a TIFF file whose first directory has tag 0x0112). Damaged
 * metadata does not make an image invalid: anything unreadable means {@link #AS_STORED}.
 */
final class ExifOrientation {

    static final int AS_STORED = 1;

    private static final String PREFIX = "Exif\0\0";
    private static final int TAG = 0x0112;
    private static final int ENTRY_BYTES = 12;

    private ExifOrientation() {}

    /** Whether the block starts like a JPEG APP1 segment with EXIF. */
    static boolean isExif(EncodedBytes block) {
        return block.has(0, PREFIX);
    }

    /** The orientation, 1 to 8, of a block with or without JPEG's prefix. */
    static int of(EncodedBytes block) {
        try {
            return ofTiff(isExif(block) ? block.part(PREFIX.length(), block.size()) : block);
        } catch (ImageFormatException _) {
            return AS_STORED;
        }
    }

    private static int ofTiff(EncodedBytes tiff) {
        ByteOrder order;
        if (tiff.has(0, "II*\0")) {
            order = ByteOrder.LITTLE_ENDIAN;
        } else if (tiff.has(0, "MM\0*")) {
            order = ByteOrder.BIG_ENDIAN;
        } else {
            return AS_STORED;
        }
        long directory = tiff.u32(4, order);
        int entries = tiff.u16(directory, order);
        for (int i = 0; i < entries; i++) {
            long entry = directory + 2 + (long) i * ENTRY_BYTES;
            if (tiff.u16(entry, order) == TAG) {
                return value(tiff, entry, order);
            }
        }
        return AS_STORED;
    }

    /** The entry's value. The standard requires SHORT; some writers use BYTE or LONG. */
    private static int value(EncodedBytes tiff, long entry, ByteOrder order) {
        if (tiff.u32(entry + 4, order) != 1) {
            return AS_STORED;
        }
        long value =
                switch (tiff.u16(entry + 2, order)) {
                    case 1 -> tiff.u8(entry + 8);
                    case 3 -> tiff.u16(entry + 8, order);
                    case 4 -> tiff.u32(entry + 8, order);
                    default -> AS_STORED;
                };
        return value >= 1 && value <= 8 ? (int) value : AS_STORED;
    }
}
