package org.llavacluster.modelio.image;

/**
 * An image that cannot be read. The message is one of a fixed set, so neither bytes of the file nor a decoder's message
 * reach a log or a client.
 */
public final class ImageFormatException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public ImageFormatException(Kind kind) {
        super(kind.text());
        this.kind = kind;
    }

    /** An image of an unsupported format. */
    ImageFormatException(ForeignFormat found) {
        super("the image is " + found.text() + ", not " + Kind.READABLE);
        this.kind = Kind.UNKNOWN_FORMAT;
    }

    public Kind kind() {
        return kind;
    }

    /** What is wrong with the image. */
    public enum Kind {
        EMPTY("the image is empty"),
        UNKNOWN_FORMAT("the image is not " + Kind.READABLE),
        TRUNCATED("the image is truncated"),
        BAD_HEADER("the image has a malformed header"),
        ZERO_SIZE("the image has no pixels: its width or height is 0"),
        TOO_LARGE("the image is larger than the limit"),
        UNSUPPORTED("the image uses a feature that is not supported"),
        CORRUPT("the image cannot be decoded");

        private static final String READABLE = "PNG, JPEG, WebP, GIF or BMP";

        private final String text;

        Kind(String text) {
            this.text = text;
        }

        /** The message for the caller, in one line. */
        public String text() {
            return text;
        }
    }
}
