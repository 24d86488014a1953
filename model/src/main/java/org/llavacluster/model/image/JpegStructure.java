package org.llavacluster.model.image;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * The markers of a JPEG that ImageIO does not expose. Scans the whole file including entropy-coded data, because a
 * truncated JPEG is decoded without an error.
 *
 * @param components components of the frame; 0 if there is none
 * @param rgbIds whether the components' ids spell RGB
 * @param adobeTransform transform of Adobe's APP14 segment, if there is one
 * @param scans the number of scans, each of which may cost a pass over all pixels
 * @param ending how the file ends
 * @param junk bytes between segments, which libjpeg skips
 */
record JpegStructure(
        int components,
        boolean rgbIds,
        boolean jfif,
        OptionalInt adobeTransform,
        int scans,
        Ending ending,
        List<Junk> junk) {

    private static final int TEM = 0x01;
    private static final int SOF2 = 0xC2;
    private static final int RST0 = 0xD0;
    private static final int RST7 = 0xD7;
    private static final int SOI = 0xD8;
    private static final int EOI = 0xD9;
    private static final int SOS = 0xDA;
    private static final int APP0 = 0xE0;
    private static final int APP14 = 0xEE;

    /** How a file ends. */
    enum Ending {
        /** With an end marker. */
        MARKED,
        /** Without one, although every coefficient has been in a scan. The last scan may still be truncated. */
        UNMARKED,
        /** Before every coefficient has been in a scan. */
        CUT
    }

    /** Bytes {@code [from, to)} that belong to no segment. */
    record Junk(int from, int to) {}

    static JpegStructure of(byte[] jpeg) {
        Walk walk = new Walk(jpeg);
        try {
            walk.run();
        } catch (IndexOutOfBoundsException _) {
            // The file ends within a segment or a scan.
        }
        return new JpegStructure(
                walk.components,
                walk.rgbIds,
                walk.jfif,
                walk.adobeTransform,
                walk.scans,
                walk.ending(),
                List.copyOf(walk.junk));
    }

    /** The file as the decoder needs it: without junk and with an end marker. */
    byte[] mended(byte[] jpeg) {
        boolean unmarked = ending == Ending.UNMARKED;
        if (junk.isEmpty() && !unmarked) {
            return jpeg;
        }
        byte[] mended = new byte[jpeg.length + 2];
        int length = 0;
        int at = 0;
        for (Junk skipped : junk) {
            System.arraycopy(jpeg, at, mended, length, skipped.from - at);
            length += skipped.from - at;
            at = skipped.to;
        }
        System.arraycopy(jpeg, at, mended, length, jpeg.length - at);
        length += jpeg.length - at;
        if (unmarked) {
            mended[length++] = (byte) 0xFF;
            mended[length++] = (byte) EOI;
        }
        return Arrays.copyOf(mended, length);
    }

    private static final class Walk {

        private static final int COEFFICIENTS = 64;

        private final byte[] jpeg;
        private int at = 2;
        private boolean inScan;
        private int components;
        private boolean progressive;
        private boolean rgbIds;
        private boolean jfif;
        private OptionalInt adobeTransform = OptionalInt.empty();
        private int scans;
        private boolean marked;
        private final List<Junk> junk = new ArrayList<>();
        /** For each component that was in a scan: the coefficients, in zigzag order, whose last bit was read. */
        private final Map<Integer, Long> coded = new HashMap<>();

        Walk(byte[] jpeg) {
            this.jpeg = jpeg;
        }

        void run() {
            while (!marked) {
                int marker = nextMarker();
                if (marker == EOI) {
                    marked = true;
                } else if (marker != TEM && marker != SOI && (marker < RST0 || marker > RST7)) {
                    int length = u8(at) << 8 | u8(at + 1);
                    segment(marker, at + 2);
                    at += Math.max(2, length);
                    inScan = marker == SOS;
                }
            }
        }

        Ending ending() {
            if (marked) {
                return Ending.MARKED;
            }
            boolean allCoded = components > 0
                    && coded.size() == components
                    && coded.values().stream().allMatch(coefficients -> coefficients == -1L);
            return allCoded ? Ending.UNMARKED : Ending.CUT;
        }

        /**
         * Skips to the next marker: in a scan over entropy-coded data with stuffed zeros and restarts, otherwise over
         * junk.
         */
        private int nextMarker() {
            int from = at;
            while (true) {
                if (u8(at++) != 0xFF) {
                    continue;
                }
                int start = at - 1;
                while (u8(at) == 0xFF) {
                    at++;
                }
                int marker = u8(at);
                if (marker == 0 || (inScan && marker >= RST0 && marker <= RST7)) {
                    continue;
                }
                if (!inScan && start > from) {
                    junk.add(new Junk(from, start));
                }
                at++;
                return marker;
            }
        }

        /** Records which coefficients a scan completes; in a sequential image all of its components'. */
        private void scan(int data) {
            scans++;
            int count = u8(data);
            int spectral = data + 1 + 2 * count;
            int first = u8(spectral);
            int last = u8(spectral + 1);
            boolean lastBit = (u8(spectral + 2) & 0xF) == 0;
            long completed = -1L;
            if (progressive) {
                completed = lastBit && first <= last && last < COEFFICIENTS ? -1L >>> 63 - last & -1L << first : 0;
            }
            for (int i = 0; i < count; i++) {
                coded.merge(u8(data + 1 + 2 * i), completed, (before, now) -> before | now);
            }
        }

        private void segment(int marker, int data) {
            if (marker == SOS) {
                scan(data);
            } else if (marker == APP0) {
                jfif |= starts(data, "JFIF\0");
            } else if (marker == APP14 && starts(data, "Adobe")) {
                adobeTransform = OptionalInt.of(u8(data + 11));
            } else if (marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC) {
                components = u8(data + 5);
                progressive = marker == SOF2;
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
