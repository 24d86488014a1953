package org.llavacluster.vision.upload;

import com.google.protobuf.ByteString;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.node.server.CallPeer;
import org.llavacluster.proto.cluster.v1.EncodeFailure;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.Encoded;

/**
 * One Encode call: a batch of images sent by a client. The call requests the next piece of a file only when the upload
 * budget has room, which slows a client that sends faster than the engine encodes. It reserves memory for decoding once
 * the file is complete. A bad image fails alone. A stream that breaks the contract, or a file that arrives too slowly,
 * fails the whole call.
 *
 * <p>gRPC calls the methods of {@link StreamObserver} one at a time. Outcomes and timers come from any thread, guarded
 * by {@code this}.
 */
public final class EncodeServerCall implements StreamObserver<EncodeRequest> {

    static final int MAX_IMAGES = FixedLimits.ENCODE_IMAGES.intValue();
    static final int MAX_DATA_BYTES = FixedLimits.UPLOAD_PIECE_BYTES.intValue();

    private final EncodeIntake intake;
    private final UploadClock time;
    private final long deadlineNanos;
    private final CallPeer peer;
    private final ServerCallStreamObserver<EncodeResult> client;

    private int images;
    private volatile Optional<Upload> upload = Optional.empty();
    private boolean skipping;

    private final Set<ImageWaiter> awaited = new HashSet<>();
    /** Complete files that wait for memory; guarded by this. */
    private final Map<ImageWaiter, Waiting> waiting = new HashMap<>();

    private boolean allAsked;
    private boolean over;

    private record Upload(IncomingImage incoming, ImageWaiter image, UploadBudget.Share share, UploadPace pace) {}

    private record Waiting(MemoryBudget.Reservation memory, UploadBudget.Share share) {

        void leave() {
            memory.leave();
            share.close();
        }
    }

    private EncodeServerCall(
            EncodeIntake intake,
            UploadClock time,
            long deadlineNanos,
            CallPeer peer,
            ServerCallStreamObserver<EncodeResult> client) {
        this.intake = intake;
        this.time = time;
        this.deadlineNanos = deadlineNanos;
        this.peer = peer;
        this.client = client;
    }

    /**
     * @param deadlineNanos deadline of the call on the node's clock
     * @param peer the caller
     */
    public static EncodeServerCall start(
            EncodeIntake intake,
            UploadClock time,
            long deadlineNanos,
            CallPeer peer,
            ServerCallStreamObserver<EncodeResult> client) {
        EncodeServerCall call = new EncodeServerCall(intake, time, deadlineNanos, peer, client);
        client.disableAutoRequest();
        client.setOnCancelHandler(call::cancelled);
        client.request(1);
        return call;
    }

    @Override
    public void onNext(EncodeRequest request) {
        if (isOver()) {
            return;
        }
        switch (request.getPartCase()) {
            case IMAGE -> begin(request.getImage());
            case DATA -> add(request.getData());
            case PART_NOT_SET -> fail(new Failure.Invalid("part", "a message must have an image or data"));
        }
    }

    @Override
    public void onCompleted() {
        endUpload();
        synchronized (this) {
            allAsked = true;
            completeIfDone();
        }
    }

    @Override
    public void onError(Throwable error) {
        cancelled();
    }

    private void begin(EncodeImage header) {
        endUpload();
        if (++images > MAX_IMAGES) {
            fail(new Failure.Invalid("images", "a call must have at most " + MAX_IMAGES + " images"));
            return;
        }
        skipping = true;
        try {
            AnnouncedImage announced = intake.announced(header, peer.address(), peer.connection());
            ImageWaiter image = new ImageWaiter(announced, deadlineNanos, this::ended);
            synchronized (this) {
                awaited.add(image);
            }
            if (intake.needsFile(image)) {
                skipping = false;
                expectFile(image);
                return;
            }
        } catch (FailureException e) {
            send(failed(header.getFeatureKey(), e.failure()));
        }
        client.request(1);
    }

    private void expectFile(ImageWaiter image) {
        Upload begun = new Upload(
                new IncomingImage(image.image()), image, intake.uploads().begin(), new UploadPace());
        upload = Optional.of(begun);
        askForPiece(begun);
        look(begun);
    }

    /** Requests the next message of the file when the budget has room. */
    private void askForPiece(Upload current) {
        current.share().ask(() -> {
            current.pace().asked(time.nanoTime());
            client.request(1);
        });
    }

    /** Ends the call if its file arrives too slowly; checks again until the file is complete. */
    private void look(Upload current) {
        time.after(current.pace().nextLookNanos(), () -> {
            if (!current.share().isComing()) {
                return;
            }
            if (current.pace().isExpired(time.nanoTime())) {
                Failure late = new Failure.Expired("data arrived at less than " + UploadPace.WINDOW_BYTES + " bytes in "
                        + UploadPace.WINDOW.toSeconds() + " s, or is not complete after "
                        + UploadPace.LONGEST.toSeconds() + " s");
                end(GrpcFailures.toStatus(late, RefusalReason.SLOW_BODY));
            } else {
                look(current);
            }
        });
    }

    private void add(ByteString data) {
        if (data.size() > MAX_DATA_BYTES) {
            fail(new Failure.Invalid(
                    "data", "data must have at most " + MAX_DATA_BYTES + " bytes, not " + data.size()));
        } else if (upload.isPresent()) {
            add(upload.get(), data);
        } else if (!skipping) {
            fail(new Failure.Invalid(
                    "data", "data must follow the header of its image and not exceed its total_bytes"));
        } else {
            client.request(1);
        }
    }

    private void add(Upload current, ByteString data) {
        current.pace().came(data.size(), time.nanoTime());
        try {
            current.incoming().add(data);
            current.share().came(data.size());
            if (!current.incoming().complete()) {
                askForPiece(current);
                return;
            }
            upload = Optional.empty();
            current.share().complete();
            decode(current);
        } catch (FailureException e) {
            skipping = true;
            upload = Optional.empty();
            refuse(current, e.failure());
        }
        client.request(1);
    }

    /** Has the image encoded as soon as memory is granted. */
    private void decode(Upload whole) {
        ImageWaiter image = whole.image();
        byte[] file = whole.incoming().file();
        long pixels = intake.drawnPixels(file);
        MemoryBudget.Reservation memory =
                intake.reserve(image.image(), pixels, granted -> encode(whole, file, pixels, granted));
        Waiting claim = new Waiting(memory, whole.share());
        synchronized (this) {
            if (!over) {
                waiting.put(image, claim);
                return;
            }
        }
        claim.leave();
    }

    /** Memory was granted, possibly after the end of the call. */
    private void encode(Upload whole, byte[] file, long pixels, MemoryBudget.Reservation memory) {
        whole.share().close();
        synchronized (this) {
            waiting.remove(whole.image());
        }
        if (isOver()) {
            memory.close();
        } else {
            intake.encode(whole.image(), file, pixels, memory);
        }
    }

    /** Drops an incomplete file. */
    private void endUpload() {
        if (upload.isEmpty()) {
            return;
        }
        Upload ended = upload.get();
        upload = Optional.empty();
        try {
            ended.incoming().file();
        } catch (FailureException e) {
            refuse(ended, e.failure());
        }
    }

    private void refuse(Upload refused, Failure failure) {
        refused.share().close();
        ended(refused.image(), new ImageWaiter.Outcome.Failed(failure));
    }

    private void ended(ImageWaiter image, ImageWaiter.Outcome outcome) {
        EncodeResult result =
                switch (outcome) {
                    case ImageWaiter.Outcome.Encoded(boolean cached) -> encoded(image.image(), cached);
                    case ImageWaiter.Outcome.Failed(Failure failure) ->
                        failed(image.image().key(), failure);
                };
        synchronized (this) {
            if (awaited.remove(image)) {
                send(result);
                completeIfDone();
            }
        }
    }

    private synchronized void send(EncodeResult result) {
        if (!over) {
            client.onNext(result);
        }
    }

    private synchronized void completeIfDone() {
        if (!over && allAsked && awaited.isEmpty()) {
            over = true;
            client.onCompleted();
        }
    }

    private synchronized boolean isOver() {
        return over;
    }

    private void fail(Failure failure) {
        end(GrpcFailures.toStatus(failure));
    }

    private void end(StatusRuntimeException status) {
        if (stop()) {
            client.onError(status);
        }
    }

    private void cancelled() {
        stop();
    }

    /** Returns whether the call was still running. */
    private boolean stop() {
        List<ImageWaiter> left;
        List<Waiting> claims;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            left = List.copyOf(awaited);
            awaited.clear();
            claims = List.copyOf(waiting.values());
            waiting.clear();
        }
        upload.ifPresent(current -> current.share().close());
        upload = Optional.empty();
        claims.forEach(Waiting::leave);
        left.forEach(ImageWaiter::leave);
        return true;
    }

    private EncodeResult encoded(AnnouncedImage image, boolean cached) {
        return EncodeResult.newBuilder()
                .setFeatureKey(image.key())
                .setEncoded(Encoded.newBuilder()
                        .setTiles(image.layout().tiles())
                        .setRows(intake.rows(image))
                        .setCached(cached))
                .build();
    }

    private static EncodeResult failed(ByteString key, Failure failure) {
        return EncodeResult.newBuilder()
                .setFeatureKey(key)
                .setFailure(EncodeFailure.newBuilder()
                        .setCode(GrpcFailures.code(failure).value())
                        .setMessage(failure.message()))
                .build();
    }
}
