package org.llavacluster.text.image;

import java.util.Optional;

/**
 * The largest picture that is looked at. Any size from 1 x 1 up and any aspect ratio inside these limits is answered.
 *
 * @param maxBytes of the file
 * @param maxPixels width times height as stored; decoding needs 4 to 12 bytes for each
 * @param maxSide of width and of height
 */
public record ImageLimits(long maxBytes, long maxPixels, int maxSide) {

    /** 20 MiB; 67 megapixels, since phones take 64; the longest side that JPEG and GIF can say. */
    public static final ImageLimits DEFAULT = new ImageLimits(20 << 20, 1 << 26, 65_535);

    public ImageLimits {
        if (maxBytes < 1 || maxPixels < 1 || maxSide < 1) {
            throw new IllegalArgumentException("image limits must be positive");
        }
    }

    /** Which limit a file of that many bytes exceeds, if any: known before anything of it is read. */
    public Optional<Excess> checkBytes(long bytes) {
        return Excess.of("image bytes", maxBytes, bytes);
    }

    /** Which limit the picture exceeds, if any. */
    public Optional<Excess> check(ImageHeader header) {
        return Excess.of("image width", maxSide, header.width())
                .or(() -> Excess.of("image height", maxSide, header.height()))
                .or(() -> Excess.of("image pixels", maxPixels, (long) header.width() * header.height()));
    }

    /**
     * A value beyond its limit.
     *
     * @param field what is too large, as the caller knows it
     */
    public record Excess(String field, long limit, long value) {

        static Optional<Excess> of(String field, long limit, long value) {
            return value > limit ? Optional.of(new Excess(field, limit, value)) : Optional.empty();
        }

        /** For the caller, one line. */
        public String message() {
            return field + " is " + value + ", the limit is " + limit;
        }
    }
}
