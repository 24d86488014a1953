package org.llavacluster.model.image;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;

/**
 * The markers of a JPEG that ImageIO keeps to itself. Walks the whole file, entropy-coded data included, since a JPEG that was cut
 * off is decoded without complaint.
 *
 * @param components of the frame; 0 where there is none
 * @param rgbIds whether the components' ids spell RGB
 * @param adobeTransform of Adobe's APP14 segment, if there is one
 * @param scans the number of scans, each of which may cost a pass over all pixels
 * @param complete whether the end of the image is there
 */
record JpegStructure(
        int components, boolean rgbIds, boolean jfif, OptionalInt adobeTransform, int scans, boolean complete) {

    private static final int TEM = 0x01;
    private static final int RST0 = 0xD0;
    private static final int RST7 = 0xD7;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;

    static JpegStructure of(byte[] jpeg) {
        Walk walk = new Walk(jpeg);
        try {
            walk.run();
        } catch (IndexOutOfBoundsException _) {
            // The file ends within a segment: not complete.
        }
        return new JpegStructure(
                walk.components, walk.rgbIds, walk.jfif, walk.adobeTransform, walk.scans, walk.complete);
    }

    private static final class Walk {

        private final byte[] jpeg;
        private int at = 2;
        private int components;
        private boolean rgbIds;
        private boolean jfif;
        private OptionalInt adobeTransform = OptionalInt.empty();
        private int scans;
        private boolean complete;

        Walk(byte[] jpeg) {
            this.jpeg = jpeg;
        }

        void run() {
            while (!complete) {
                int marker = nextMarker();
                if (marker == EOI) {
                    complete = true;
                } else if (marker != TEM && marker != SOI) {
                    int length = u8(at) << 8 | u8(at + 1);
                    segment(marker, at + 2);
                    at += Math.max(2, length);
                }
            }
        }

        /** Skips what is not a marker: stuffed zeros, restarts and fill bytes of entropy-coded data among it. */
        private int nextMarker() {
            while (true) {
                if (u8(at++) == 0xFF) {
                    int marker = u8(at);
                    if (marker != 0 && marker != 0xFF && (marker < RST0 || marker > RST7)) {
                        at++;
                        return marker;
                    }
                }
            }
        }

        private void segment(int marker, int data) {
            if (marker == SOS) {
                scans++;
            } else if (marker == APP0) {
                jfif |= starts(data, "JFIF\0");
            } else if (marker == APP14 && starts(data, "Adobe")) {
                adobeTransform = OptionalInt.of(u8(data + 11));
            } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                components = u8(data + 5);
                rgbIds = components == 3 && u8(data + 6) == 'R' && u8(data + 9) == 'G' && u8(data + 12) == 'B';
            }
        }

        private boolean starts(int data, String text) {
            byte[] wanted = text.getBytes(StandardCharsets.ISO_8859_1);
            int end = Math.min(jpeg.length, data + wanted.length);
            return Arrays.equals(jpeg, data, end, wanted, 0, wanted.length);
        }

        private int u8(int index) {
            return Byte.toUnsignedInt(jpeg[index]);
        }
    }
}
