package org.llavacluster.model.image;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The transparent sample value of a greyscale or truecolour PNG (ISO/IEC 15948, 11.3.2.1). It refers to samples as
 * stored, but ImageIO compares it with samples scaled to 8 bits, so the decoder gets a file without it.
 *
 * @param samples as stored, one or three
 * @param keyless the file without the key
 */
record PngKey(int[] samples, byte[] keyless) {

    private static final int SIGNATURE_BYTES = 8;
    /** Length and type before a chunk's data and a CRC after it. */
    private static final int CHUNK_OVERHEAD = 12;

    private static final int GREY = 0;
    private static final int TRUECOLOUR = 2;
    private static final int TRANSPARENCY = type("tRNS");
    private static final int PIXELS = type("IDAT");

    /** The key of a file whose header chunk was checked; empty if there is none. */
    static Optional<PngKey> of(byte[] png) {
        int depth = png[24];
        int colours = png[25] == GREY ? 1 : png[25] == TRUECOLOUR ? 3 : 0;
        ByteBuffer chunks = ByteBuffer.wrap(png);
        int[] samples = null;
        ByteArrayOutputStream keyless = new ByteArrayOutputStream(png.length);
        keyless.write(png, 0, SIGNATURE_BYTES);
        int at = SIGNATURE_BYTES;
        while (colours > 0 && at + CHUNK_OVERHEAD <= png.length && chunks.getInt(at + 4) != PIXELS) {
            long length = CHUNK_OVERHEAD + Integer.toUnsignedLong(chunks.getInt(at));
            if (at + length > png.length) {
                break;
            }
            if (chunks.getInt(at + 4) != TRANSPARENCY) {
                keyless.write(png, at, (int) length);
            } else if (samples == null && length == CHUNK_OVERHEAD + 2L * colours) {
                samples = samples(chunks, at + 8, colours, depth);
            }
            at += (int) length;
        }
        if (samples == null) {
            return Optional.empty();
        }
        keyless.write(png, at, png.length - at);
        return Optional.of(new PngKey(samples, keyless.toByteArray()));
    }

    /** The meaning of stored samples, with the key as transparent. */
    SampleColours apply(SampleColours colours) {
        return (stored, at) -> {
            int colour = colours.argb(stored, at);
            return matches(stored, at) ? colour & ~SampleColours.OPAQUE : colour;
        };
    }

    private boolean matches(int[] stored, int at) {
        for (int i = 0; i < samples.length; i++) {
            if (stored[at + i] != samples[i]) {
                return false;
            }
        }
        return true;
    }

    /** Samples of 16 bits, of which only those of the depth count. */
    private static int[] samples(ByteBuffer chunks, int at, int colours, int depth) {
        int[] samples = new int[colours];
        for (int i = 0; i < colours; i++) {
            samples[i] = chunks.getShort(at + 2 * i) & (1 << depth) - 1;
        }
        return samples;
    }

    private static int type(String name) {
        return name.charAt(0) << 24 | name.charAt(1) << 16 | name.charAt(2) << 8 | name.charAt(3);
    }
}
