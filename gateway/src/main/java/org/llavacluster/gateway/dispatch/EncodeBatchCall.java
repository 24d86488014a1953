package org.llavacluster.gateway.dispatch;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.proto.cluster.v1.EncodeFailure;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.VisionGrpc;

/**
 * One call that has several images encoded by one vision node. The node receives their bytes in pieces, at its own
 * pace.
 *
 * <p>gRPC runs the callbacks of a call one at a time, so the state needs no lock. {@link #cancel} may come from any
 * thread.
 */
final class EncodeBatchCall implements ClientResponseObserver<EncodeRequest, EncodeResult> {

    /** The contract's limit of a piece. */
    private static final int PIECE_BYTES = 1 << 20;

    /** Learns what becomes of the images. Called on a thread of gRPC; not after the end. */
    interface Listener {

        void encoded(DispatchedImage image);

        /** The image cannot be encoded by any node. */
        void refused(DispatchedImage image, String reason);

        /**
         * The call ended. Images without an outcome may be encoded elsewhere.
         *
         * @param failed whether the node broke the call off
         */
        void ended(boolean failed);
    }

    private final List<DispatchedImage> images;
    private final Listener listener;

    private ClientCallStreamObserver<EncodeRequest> node;

    /** The image that is being sent, and how many bytes of it were. */
    private int sending;

    private int sent;
    private boolean headerSent;

    private EncodeBatchCall(List<DispatchedImage> images, Listener listener) {
        this.images = images;
        this.listener = listener;
    }

    static EncodeBatchCall start(Channel channel, List<DispatchedImage> images, Duration time, Listener listener) {
        EncodeBatchCall call = new EncodeBatchCall(List.copyOf(images), listener);
        // The images of a batch belong to many requests, each with a trace of its own.
        CallTrace.in(Context.current(), SpanContext.getInvalid()).run(() -> VisionGrpc.newStub(channel)
                .withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS)
                .encode(call));
        return call;
    }

    void cancel() {
        node.cancel("nobody waits for the images any more", null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<EncodeRequest> stream) {
        node = stream;
        node.setOnReadyHandler(this::send);
    }

    private void send() {
        while (sending < images.size() && node.isReady()) {
            DispatchedImage image = images.get(sending);
            ByteString file = image.image().file();
            if (!headerSent) {
                headerSent = true;
                node.onNext(EncodeRequest.newBuilder().setImage(header(image)).build());
                continue;
            }
            int end = Math.min(file.size(), sent + PIECE_BYTES);
            node.onNext(EncodeRequest.newBuilder()
                    .setData(file.substring(sent, end))
                    .build());
            sent = end;
            if (sent == file.size()) {
                nextImage();
            }
        }
    }

    private void nextImage() {
        sending++;
        sent = 0;
        headerSent = false;
        if (sending == images.size()) {
            node.onCompleted();
        }
    }

    private static EncodeImage header(DispatchedImage image) {
        return EncodeImage.newBuilder()
                .setFeatureKey(image.featureKey())
                .setImageId(image.image().id().digest())
                .setTotalBytes(image.image().file().size())
                .setVisionRevision(image.visionRevision())
                .setWidth(image.image().width())
                .setHeight(image.image().height())
                .setPeer(image.peer())
                .setRequester(image.requester())
                .setTraceparent(image.traceparent())
                .build();
    }

    @Override
    public void onNext(EncodeResult result) {
        images.stream()
                .filter(image -> image.featureKey().equals(result.getFeatureKey()))
                .findFirst()
                .ifPresent(image -> outcome(image, result));
    }

    private void outcome(DispatchedImage image, EncodeResult result) {
        switch (result.getOutcomeCase()) {
            case ENCODED -> listener.encoded(image);
            case FAILURE -> failed(image, result.getFailure());
            case OUTCOME_NOT_SET -> {
                // As if the node had said nothing of it.
            }
        }
    }

    /** Any other failure than of the image itself leaves it without an outcome. */
    private void failed(DispatchedImage image, EncodeFailure failure) {
        if (failure.getCode() == Status.Code.INVALID_ARGUMENT.value()) {
            listener.refused(image, failure.getMessage());
        }
    }

    @Override
    public void onError(Throwable error) {
        listener.ended(true);
    }

    @Override
    public void onCompleted() {
        listener.ended(false);
    }
}
