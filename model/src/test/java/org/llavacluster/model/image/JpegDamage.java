package org.llavacluster.model.image;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/** What cameras and interrupted copies do to JPEGs. */
final class JpegDamage {

    private static final int SOS = 0xDA;
    private static final byte[] JUNK = {0, 0, 7, (byte) 0xFF, 0, 1, 0};

    private JpegDamage() {}

    /** Bytes, a stuffed zero among them, behind every segment in front of the first scan. */
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

    /** Cut in front of its last end-of-image marker, whatever follows it. */
    static byte[] withoutEnd(byte[] jpeg) {
        int end = jpeg.length - 2;
        while (jpeg[end] != (byte) 0xFF || jpeg[end + 1] != (byte) 0xD9) {
            end--;
        }
        return Arrays.copyOf(jpeg, end);
    }
}
