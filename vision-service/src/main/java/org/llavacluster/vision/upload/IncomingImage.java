package org.llavacluster.vision.upload;

import com.google.protobuf.ByteString;
import java.security.MessageDigest;
import java.util.Arrays;
import org.llavacluster.engine.Sha256;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** The file of one image while it is received. */
final class IncomingImage {

    private final AnnouncedImage announced;
    /** Grows with the received bytes, so an announcement takes no memory. */
    private byte[] file = {};

    private int filled;

    IncomingImage(AnnouncedImage announced) {
        this.announced = announced;
    }

    /**
     * @throws FailureException if there are more bytes than announced
     */
    void add(ByteString data) {
        if (data.size() > announced.totalBytes() - filled) {
            throw wrongSize((long) filled + data.size());
        }
        if (filled + data.size() > file.length) {
            int twice = (int) Math.min(2L * (filled + data.size()), announced.totalBytes());
            file = Arrays.copyOf(file, twice);
        }
        data.copyTo(file, filled);
        filled += data.size();
    }

    boolean complete() {
        return filled == announced.totalBytes();
    }

    /**
     * The complete file.
     *
     * @throws FailureException if it is not the announced one, because its features would be found under another
     *     image's name
     */
    byte[] file() {
        if (!complete()) {
            throw wrongSize(filled);
        }
        if (!MessageDigest.isEqual(Sha256.of(file), announced.imageId().toByteArray())) {
            throw new FailureException(
                    new Failure.Invalid("image.image_id", "image.image_id must be the SHA-256 of the file"));
        }
        return file;
    }

    private FailureException wrongSize(long bytes) {
        return new FailureException(new Failure.Invalid(
                "image.total_bytes",
                "image.total_bytes is " + announced.totalBytes() + ", but " + bytes + " bytes arrived"));
    }
}
