package org.llavacluster.gateway.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;

/**
 * One image on its way in: its exact size first, then the bytes in order. The memory for all of it is reserved when the size is known
 * and given back when the call ends. A client that falls silent is cut off.
 */
final class ImageUpload implements StreamObserver<PutImageRequest> {

    static final int MAX_PIECE_BYTES = 1 << 20;

    /** Between two messages: a piece takes that long on a line of 280 kbit/s. */
    static final Duration MAX_SILENCE = Duration.ofSeconds(30);

    private final ServerCallStreamObserver<PutImageResponse> client;
    private final PublicApi gateway;

    /** Null before the size is known and after the end. */
    private byte[] file;

    private int received;
    private ByteBudget.Reservation reservation;
    private long heardAt;
    private boolean over;

    ImageUpload(ServerCallStreamObserver<PutImageResponse> client, PublicApi gateway) {
        this.client = client;
        this.gateway = gateway;
        this.heardAt = gateway.clock().nanoTime();
        client.setOnCancelHandler(this::release);
        listen(MAX_SILENCE);
    }

    @Override
    public synchronized void onNext(PutImageRequest message) {
        if (over) {
            return;
        }
        heardAt = gateway.clock().nanoTime();
        try {
            switch (message.getPartCase()) {
                case TOTAL_BYTES -> begin(message.getTotalBytes());
                case DATA -> add(message.getData());
                case PART_NOT_SET -> throw refuse("part", "must hold total_bytes or data, given neither");
            }
        } catch (FailureException e) {
            fail(e.failure());
        }
    }

    private void begin(long totalBytes) {
        if (file != null) {
            throw refuse("total_bytes", "must come once, first");
        }
        if (totalBytes < 1) {
            throw refuse("total_bytes", "must be at least 1, given " + totalBytes);
        }
        gateway.parser().limits().image().checkBytes(totalBytes).ifPresent(excess -> {
            throw refuse("total_bytes", "is too large: " + excess.message());
        });
        reservation = gateway.budget().reserve(totalBytes);
        file = new byte[(int) totalBytes];
    }

    private void add(ByteString piece) {
        if (file == null) {
            throw refuse("data", "must come after total_bytes");
        }
        if (piece.size() > MAX_PIECE_BYTES) {
            throw refuse("data", "is limited to " + MAX_PIECE_BYTES + " bytes per message, given " + piece.size());
        }
        if (piece.size() > file.length - received) {
            throw refuse("data", "has " + (received + piece.size()) + " bytes, total_bytes said " + file.length);
        }
        // The pieces are messages of their own; the image is one run of bytes.
        piece.copyTo(file, received);
        received += piece.size();
    }

    @Override
    public synchronized void onCompleted() {
        if (over) {
            return;
        }
        if (file == null || received != file.length) {
            int announced = file == null ? 0 : file.length;
            fail(refuse("data", "has " + received + " bytes, total_bytes said " + announced)
                    .failure());
            return;
        }
        over = true;
        byte[] whole = file;
        file = null;
        gateway.threads().execute(() -> keep(whole));
    }

    /** Hashing a large image takes a while: not on a thread of the transport. */
    private void keep(byte[] whole) {
        try {
            StoredImage image = gateway.images().accept("image", UnsafeByteOperations.unsafeWrap(whole));
            client.onNext(PutImageResponse.newBuilder()
                    .setId(image.id().digest())
                    .setWidth(image.width())
                    .setHeight(image.height())
                    .setTokens(image.rows())
                    .setLifetimeMillis(gateway.store().lifetime().toMillis())
                    .build());
            client.onCompleted();
        } catch (FailureException e) {
            client.onError(GrpcFailures.toStatus(e.failure()));
        } catch (RuntimeException e) {
            client.onError(GrpcFailures.toStatus(Incidents.report(e).failure()));
        } finally {
            reservation.close();
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        release();
    }

    private synchronized void release() {
        if (!over) {
            over = true;
            free();
        }
    }

    private void fail(Failure failure) {
        over = true;
        free();
        client.onError(GrpcFailures.toStatus(failure));
    }

    private void free() {
        file = null;
        if (reservation != null) {
            reservation.close();
        }
    }

    private void listen(Duration time) {
        var unused = gateway.timers().schedule(this::checkSilence, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One timer for the whole call: a timer for each message would outlive it by the hundred. */
    private synchronized void checkSilence() {
        if (over) {
            return;
        }
        Duration left = MAX_SILENCE.minusNanos(gateway.clock().nanoTime() - heardAt);
        if (left.isPositive()) {
            listen(left);
        } else {
            fail(new Failure.Expired("nothing came for " + MAX_SILENCE.toSeconds() + " s"));
        }
    }

    private static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }
}
