package org.llavacluster.vision.upload;

import com.google.protobuf.ByteString;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.cluster.v1.EncodeFailure;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.Encoded;

/**
 * One batch of images as a client sends it. The next message is asked for only when there is memory for it, so a client that sends
 * faster than the engine encodes is held back. A bad image fails alone; a stream that breaks the contract fails as a whole.
 *
 * <p>gRPC calls the methods of {@link StreamObserver} one at a time; outcomes come from any thread and are guarded by this.
 */
public final class EncodeCall implements StreamObserver<EncodeRequest> {

    static final int MAX_IMAGES = 64;
    static final int MAX_DATA_BYTES = 1 << 20;

    private final ImageIntake intake;
    private final long deadlineNanos;
    private final ServerCallStreamObserver<EncodeResult> client;

    private int images;
    private Optional<Upload> upload = Optional.empty();
    private boolean skipping;

    private final Set<AwaitedImage> awaited = new HashSet<>();
    private boolean allAsked;
    private boolean over;

    private record Upload(IncomingImage incoming, AwaitedImage image, MemoryBudget.Reservation memory) {}

    private EncodeCall(ImageIntake intake, long deadlineNanos, ServerCallStreamObserver<EncodeResult> client) {
        this.intake = intake;
        this.deadlineNanos = deadlineNanos;
        this.client = client;
    }

    /** @param deadlineNanos of the call, on the node's clock */
    public static EncodeCall start(
            ImageIntake intake, long deadlineNanos, ServerCallStreamObserver<EncodeResult> client) {
        EncodeCall call = new EncodeCall(intake, deadlineNanos, client);
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
            AnnouncedImage announced = intake.announced(header);
            AwaitedImage image = new AwaitedImage(announced, deadlineNanos, this::ended);
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

    /** Asks for the next message when there is memory for what it begins. */
    private void expectFile(AwaitedImage image) {
        MemoryBudget.Reservation memory = intake.reserve(image.image(), () -> client.request(1));
        upload = Optional.of(new Upload(new IncomingImage(image.image()), image, memory));
    }

    private void add(ByteString data) {
        if (data.size() > MAX_DATA_BYTES) {
            fail(new Failure.Invalid(
                    "data", "data must have at most " + MAX_DATA_BYTES + " bytes, not " + data.size()));
        } else if (upload.isPresent()) {
            add(upload.get(), data);
        } else if (!skipping) {
            fail(new Failure.Invalid("data", "data must follow the header of its image and be no more than it says"));
        } else {
            client.request(1);
        }
    }

    private void add(Upload current, ByteString data) {
        try {
            current.incoming().add(data);
            if (current.incoming().complete()) {
                upload = Optional.empty();
                intake.encode(current.image(), current.incoming().file(), current.memory());
            }
        } catch (FailureException e) {
            skipping = true;
            upload = Optional.empty();
            refuse(current, e.failure());
        }
        client.request(1);
    }

    /** What is not whole now never will be. */
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
        refused.memory().close();
        ended(refused.image(), new AwaitedImage.Outcome.Failed(failure));
    }

    private void ended(AwaitedImage image, AwaitedImage.Outcome outcome) {
        EncodeResult result =
                switch (outcome) {
                    case AwaitedImage.Outcome.Encoded(boolean cached) -> encoded(image.image(), cached);
                    case AwaitedImage.Outcome.Failed(Failure failure) ->
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
        if (stop()) {
            client.onError(GrpcFailures.toStatus(failure));
        }
    }

    private void cancelled() {
        stop();
    }

    /** Whether the call was not over before. */
    private boolean stop() {
        List<AwaitedImage> left;
        synchronized (this) {
            if (over) {
                return false;
            }
            over = true;
            left = List.copyOf(awaited);
            awaited.clear();
        }
        upload.ifPresent(current -> current.memory().close());
        upload = Optional.empty();
        left.forEach(AwaitedImage::leave);
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
