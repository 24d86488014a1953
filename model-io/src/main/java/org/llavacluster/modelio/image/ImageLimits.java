package org.llavacluster.modelio.image;

import java.util.Optional;

/**
 * Limits of images. Any size from 1 x 1 and any aspect ratio within them is accepted.
 *
 * @param maxBytes bytes of the file
 * @param maxPixels width times height as stored; decoding needs 4 to 12 bytes per pixel
 * @param maxSide largest width and height
 */
public record ImageLimits(long maxBytes, long maxPixels, int maxSide) {

    /** 20 MiB; 67 megapixels, because phones take 64; the longest side that JPEG and GIF can express. */
    public static final ImageLimits DEFAULT = new ImageLimits(20 << 20, 1 << 26, 65_535);

    public ImageLimits {
        if (maxBytes < 1 || maxPixels < 1 || maxSide < 1) {
            throw new IllegalArgumentException("image limits must be positive");
        }
    }

    /** The limit that a file of that many bytes exceeds, if any; known before the file is read. */
    public Optional<Excess> checkBytes(long bytes) {
        return Excess.of("image bytes", maxBytes, bytes);
    }

    /** The limit that the image exceeds, if any. */
    public Optional<Excess> check(ImageHeader header) {
        return Excess.of("image width", maxSide, header.width())
                .or(() -> Excess.of("image height", maxSide, header.height()))
                .or(() -> Excess.of("image pixels", maxPixels, (long) header.width() * header.height()));
    }

    /**
     * A value beyond its limit.
     *
     * @param field name of the value for the caller
     */
    public record Excess(String field, long limit, long value) {

        static Optional<Excess> of(String field, long limit, long value) {
            return value > limit ? Optional.of(new Excess(field, limit, value)) : Optional.empty();
        }

        /** The message for the caller, in one line. */
        public String message() {
            return field + " is " + value + ", the limit is " + limit;
        }
    }
}
