package org.llavacluster.model.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** Damage that cameras and interrupted copies cause in JPEGs. */
final class JpegDamage {

    private static final int SOS = 0xDA;
    private static final byte[] JUNK = {0, 0, 7, (byte) 0xFF, 0, 1, 0};

    private JpegDamage() {}

    /** Junk bytes with a stuffed zero after every segment before the first scan. */
    static byte[] withJunkBetweenSegments(byte[] jpeg) {
        ByteArrayOutputStream damaged = new ByteArrayOutputStream();
        int at = 2;
        damaged.write(jpeg, 0, at);
        while ((jpeg[at + 1] & 0xFF) != SOS) {
            if ((jpeg[at + 1] & 0xFF) == 0xFF) {
                damaged.write(jpeg[at++]);
                continue;
            }
            int length = 2 + ((jpeg[at + 2] & 0xFF) << 8 | jpeg[at + 3] & 0xFF);
            damaged.write(jpeg, at, length);
            damaged.writeBytes(JUNK);
            at += length;
        }
        damaged.write(jpeg, at, jpeg.length - at);
        return damaged.toByteArray();
    }

    /** Truncated before the last end-of-image marker and everything after it. */
    static byte[] withoutEnd(byte[] jpeg) {
        int end = jpeg.length - 2;
        while (jpeg[end] != (byte) 0xFF || jpeg[end + 1] != (byte) 0xD9) {
            end--;
        }
        return Arrays.copyOf(jpeg, end);
    }
}
