package org.llavacluster.gateway.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.llavacluster.gateway.admission.Arrivals;
import org.llavacluster.gateway.admission.ByteBudget;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.gateway.image.StoredImage;
import org.llavacluster.gateway.pipeline.RequestOwner;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.proto.v1.PutImageRequest;
import org.llavacluster.proto.v1.PutImageResponse;

/**
 * One image being uploaded: its exact size first, then the bytes in order. Memory is taken for received bytes, whatever
 * size was announced, and returned when the call ends. A client that is too slow is cut off.
 */
final class ImageUpload implements StreamObserver<PutImageRequest> {

    static final int MAX_PIECE_BYTES = FixedLimits.UPLOAD_PIECE_BYTES.intValue();

    private static final byte[] NOTHING = {};

    private final ServerCallStreamObserver<PutImageResponse> client;
    private final String tenant;
    private final PublicApi gateway;

    /** Null if there is no place for another upload. */
    private final Arrivals.Arrival arrival;

    /** Grows up to the announced size; empty after the end. */
    private byte[] file = NOTHING;

    /** 0 before it is known. */
    private int totalBytes;

    private int received;
    private boolean over;

    ImageUpload(ServerCallStreamObserver<PutImageResponse> client, RequestOwner owner, PublicApi gateway) {
        this.client = client;
        this.tenant = owner.tenant();
        this.gateway = gateway;
        client.setOnCancelHandler(this::release);
        this.arrival = begin(owner.peer());
        if (arrival != null) {
            await();
        }
    }

    private Arrivals.Arrival begin(String peer) {
        try {
            return gateway.arrivals()
                    .begin(
                            peer,
                            gateway.clock().nanoTime(),
                            // On another thread, because the notifying one holds the lock of the upload that wins.
                            lost -> gateway.threads().execute(() -> end(RefusalReason.DISPLACED, lost)));
        } catch (FailureException e) {
            over = true;
            client.onError(GrpcFailures.toStatus(e.failure(), RefusalReason.ARRIVALS));
            return null;
        }
    }

    @Override
    public synchronized void onNext(PutImageRequest message) {
        if (over) {
            return;
        }
        try {
            switch (message.getPartCase()) {
                case TOTAL_BYTES -> announce(message.getTotalBytes());
                case DATA -> add(message.getData());
                case PART_NOT_SET -> throw refuse("part", "must hold total_bytes or data, given neither");
            }
        } catch (FailureException e) {
            if (e.failure() instanceof Failure.Overloaded) {
                end(RefusalReason.MEMORY, e.failure());
            } else {
                fail(e.failure());
            }
        }
    }

    private void announce(long bytes) {
        if (totalBytes != 0) {
            throw refuse("total_bytes", "must come once, first");
        }
        if (bytes < 1) {
            throw refuse("total_bytes", "must be at least 1, given " + bytes);
        }
        gateway.parser().limits().image().checkBytes(bytes).ifPresent(excess -> {
            throw refuse("total_bytes", "is too large: " + excess.message());
        });
        totalBytes = Math.toIntExact(bytes);
    }

    private void add(ByteString piece) {
        if (totalBytes == 0) {
            throw refuse("data", "must come after total_bytes");
        }
        if (piece.size() > MAX_PIECE_BYTES) {
            throw refuse("data", "is limited to " + MAX_PIECE_BYTES + " bytes per message, given " + piece.size());
        }
        if (piece.size() > totalBytes - received) {
            throw refuse("data", "has " + (received + piece.size()) + " bytes, total_bytes said " + totalBytes);
        }
        makeRoom(piece.size());
        // The pieces are separate messages; the image is one run of bytes.
        piece.copyTo(file, received);
        received += piece.size();
    }

    /** Doubles the array, so that few bytes take little memory and many are copied about once. */
    private void makeRoom(int more) {
        int needed = received + more;
        int length =
                needed <= file.length ? file.length : (int) Math.min(totalBytes, Math.max(needed, 2L * file.length));
        arrival.came(more, length - file.length);
        if (length > file.length) {
            file = Arrays.copyOf(file, length);
        }
    }

    @Override
    public synchronized void onCompleted() {
        if (over) {
            return;
        }
        if (totalBytes == 0 || received != totalBytes) {
            fail(refuse("data", "has " + received + " bytes, total_bytes said " + totalBytes)
                    .failure());
            return;
        }
        // Without memory of its own it was displaced, and the notification will follow.
        arrival.whole().ifPresent(memory -> {
            over = true;
            byte[] whole = file;
            file = NOTHING;
            gateway.threads().execute(() -> keep(whole, memory));
        });
    }

    /** Hashing a large image takes a while, so it does not run on a thread of the transport. */
    private void keep(byte[] whole, ByteBudget.Reservation memory) {
        try {
            StoredImage image = gateway.images().accept(tenant, "image", UnsafeByteOperations.unsafeWrap(whole));
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
            memory.close();
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
        file = NOTHING;
        if (arrival != null) {
            arrival.close();
        }
    }

    private void await() {
        Duration time = arrival.untilNextCheck(gateway.clock().nanoTime());
        var unused = gateway.timers().schedule(this::checkPace, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** One timer for the whole call, because one per message would leave hundreds behind. */
    private synchronized void checkPace() {
        if (over) {
            return;
        }
        Optional<Failure> late = arrival.check(gateway.clock().nanoTime());
        if (late.isPresent()) {
            end(RefusalReason.SLOW_BODY, late.get());
        } else {
            await();
        }
    }

    /** Ends the upload for a reason outside of its content. */
    private synchronized void end(RefusalReason reason, Failure failure) {
        if (!over) {
            over = true;
            free();
            client.onError(GrpcFailures.toStatus(failure, reason));
        }
    }

    private static FailureException refuse(String field, String what) {
        return new FailureException(new Failure.Invalid(field, field + " " + what));
    }
}
