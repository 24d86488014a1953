package org.llavacluster.gateway.openai;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/** A complete body as received, and the memory reserved for its processing. */
final class Body {

    private static final int PIECE_BYTES = 64 << 10;

    private final byte[] received;
    private final boolean gzip;
    private final int maxBytes;
    private final ByteBudget.Reservation reservation;

    /**
     * @param maxBytes limit of the inflated body
     */
    Body(byte[] received, boolean gzip, int maxBytes, ByteBudget.Reservation reservation) {
        this.received = received;
        this.gzip = gzip;
        this.maxBytes = maxBytes;
        this.reservation = reservation;
    }

    /**
     * The content that the client meant to send, inflated if it was compressed.
     *
     * @throws FailureException if it is not gzip, is too large, or does not fit the remaining memory
     */
    byte[] bytes() {
        if (!gzip) {
            return received;
        }
        ByteArrayOutputStream inflated = new ByteArrayOutputStream();
        byte[] piece = new byte[PIECE_BYTES];
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(received), PIECE_BYTES)) {
            for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
                if (count > maxBytes - inflated.size()) {
                    throw new FailureException(BodyRules.tooLarge(maxBytes, "more after decompression"));
                }
                reservation.grow((long) BodyReader.COPIES * count);
                inflated.write(piece, 0, count);
            }
        } catch (IOException e) {
            throw new FailureException(
                    new Failure.Invalid(
                            "body", "body must be gzip, as content-encoding says: it is damaged or cut short"),
                    e);
        }
        return inflated.toByteArray();
    }

    /** The exchange has ended. */
    void release() {
        reservation.close();
    }
}
