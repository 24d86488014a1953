package org.llavacluster.modelio.image;

import java.nio.ByteBuffer;
import java.util.stream.Stream;
import org.llavacluster.modelio.image.ImageFormatException.Kind;

/**
 * The header of an image, read without decoding pixels.
 *
 * @param format determined from the first bytes, whatever the caller's content type
 * @param width width in pixels as stored
 * @param height height in pixels as stored
 * @param orientation EXIF 2.32, tag 0x0112: 1 (as stored) to 8; 1 if missing or invalid
 */
public record ImageHeader(Format format, int width, int height, int orientation) {

    public ImageHeader {
        if (width < 1 || height < 1 || orientation < 1 || orientation > 8) {
            throw new IllegalArgumentException(
                    "image of " + width + " x " + height + " pixels, orientation " + orientation);
        }
    }

    /** Supported formats. Of animations the first frame is used. */
    public enum Format {
        PNG,
        JPEG,
        WEBP,
        GIF,
        BMP
    }

    /**
     * Reads the header of an encoded image, from the buffer's position to its limit, neither of which changes.
     *
     * @throws ImageFormatException if it is not an image or its header is incomplete
     */
    public static ImageHeader read(ByteBuffer encoded) {
        EncodedBytes bytes = new EncodedBytes(encoded);
        if (bytes.size() == 0) {
            throw new ImageFormatException(Kind.EMPTY);
        }
        return switch (format(bytes)) {
            case PNG -> PngHeader.read(bytes);
            case JPEG -> JpegHeader.read(bytes);
            case WEBP -> WebpHeader.read(bytes);
            case GIF -> GifHeader.read(bytes);
            case BMP -> BmpHeader.read(bytes);
        };
    }

    private static Format format(EncodedBytes bytes) {
        if (bytes.has(0, PngHeader.SIGNATURE)) {
            return Format.PNG;
        }
        if (bytes.has(0, JpegHeader.SIGNATURE)) {
            return Format.JPEG;
        }
        if (bytes.has(0, WebpHeader.SIGNATURE) && bytes.has(8, WebpHeader.TYPE)) {
            return Format.WEBP;
        }
        if (bytes.has(0, GifHeader.SIGNATURE_87) || bytes.has(0, GifHeader.SIGNATURE_89)) {
            return Format.GIF;
        }
        if (bytes.has(0, BmpHeader.SIGNATURE)) {
            return Format.BMP;
        }
        boolean started = Stream.of(
                        PngHeader.SIGNATURE,
                        JpegHeader.SIGNATURE,
                        WebpHeader.SIGNATURE,
                        GifHeader.SIGNATURE_87,
                        GifHeader.SIGNATURE_89,
                        BmpHeader.SIGNATURE)
                .anyMatch(bytes::endsWithin);
        boolean shortRiff = bytes.has(0, WebpHeader.SIGNATURE) && bytes.size() < 12;
        if (started || shortRiff) {
            throw new ImageFormatException(Kind.TRUNCATED);
        }
        throw ForeignFormat.of(bytes)
                .map(ImageFormatException::new)
                .orElseGet(() -> new ImageFormatException(Kind.UNKNOWN_FORMAT));
    }

    /** Creates a header from sizes that were read and may be invalid. */
    static ImageHeader checked(Format format, int width, int height, int orientation) {
        if (width == 0 || height == 0) {
            throw new ImageFormatException(Kind.ZERO_SIZE);
        }
        if (width < 0 || height < 0) {
            throw new ImageFormatException(Kind.BAD_HEADER);
        }
        return new ImageHeader(format, width, height, orientation);
    }

    /**
     * Number of pixels that a decoder must compute for the file of this header: of a GIF those of its first frame, not
     * of its canvas.
     */
    public long drawnPixels(ByteBuffer encoded) {
        return format == Format.GIF ? GifHeader.framePixels(new EncodedBytes(encoded)) : (long) width * height;
    }

    /** Whether the orientation turns the image by a quarter, which swaps width and height. */
    public boolean quarterTurned() {
        return orientation >= 5;
    }

    /** Width in pixels as a person sees the image, with the orientation applied. */
    public int displayWidth() {
        return quarterTurned() ? height : width;
    }

    /** Height in pixels as a person sees the image, with the orientation applied. */
    public int displayHeight() {
        return quarterTurned() ? width : height;
    }

    /** Width in pixels as the model sees the image, from which layouts are computed. */
    public int widthAsSeen(Preprocess preprocess) {
        return switch (preprocess) {
            case NATURAL -> displayWidth();
            case REFERENCE -> width;
        };
    }

    /** Height in pixels as the model sees the image, from which layouts are computed. */
    public int heightAsSeen(Preprocess preprocess) {
        return switch (preprocess) {
            case NATURAL -> displayHeight();
            case REFERENCE -> height;
        };
    }
}
