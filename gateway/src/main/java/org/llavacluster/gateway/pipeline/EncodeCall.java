package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.llavacluster.gateway.placement.ImageRoute;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.cluster.v1.EncodeFailure;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.VisionGrpc;

/**
 * Has one image encoded by one vision node, which receives its bytes in pieces at its own pace. Reports its outcome
 * once.
 *
 * <p>gRPC runs the callbacks of a call one at a time, so the state needs no lock. {@link #cancel} may come from any
 * thread.
 */
final class EncodeCall implements ClientResponseObserver<EncodeRequest, EncodeResult> {

    /** The contract's limit of a piece. */
    private static final int PIECE_BYTES = 1 << 20;

    /** Whose turns an encode takes at the vision node: those of the request, within those of its peer. */
    record Requester(String peer, String requestId) {}

    /** The outcome of an encode. */
    sealed interface Outcome {

        /** The node has the features. */
        record Encoded() implements Outcome {}

        /** The image cannot be encoded by any node; with the reason. */
        record Refused(String reason) implements Outcome {}

        /** The node did not answer; another one may. */
        record Lost(Failure failure) implements Outcome {}
    }

    private final ImageRoute route;
    private final Requester requester;
    private final Consumer<Outcome> onOutcome;

    private ClientCallStreamObserver<EncodeRequest> node;
    private boolean headerSent;
    private int sent;
    private boolean told;

    private EncodeCall(ImageRoute route, Requester requester, Consumer<Outcome> onOutcome) {
        this.route = route;
        this.requester = requester;
        this.onOutcome = onOutcome;
    }

    /**
     * @param onOutcome called once, on a thread of gRPC
     */
    static EncodeCall start(
            Channel channel, ImageRoute route, Requester requester, Duration time, Consumer<Outcome> onOutcome) {
        EncodeCall call = new EncodeCall(route, requester, onOutcome);
        VisionGrpc.newStub(channel)
                .withDeadlineAfter(time.toNanos(), TimeUnit.NANOSECONDS)
                .encode(call);
        return call;
    }

    void cancel() {
        node.cancel("nobody waits for the image any more", null);
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<EncodeRequest> stream) {
        node = stream;
        node.setOnReadyHandler(this::send);
    }

    private void send() {
        ByteString file = route.image().file();
        while (node.isReady() && !told && sent < file.size()) {
            if (!headerSent) {
                headerSent = true;
                node.onNext(EncodeRequest.newBuilder().setImage(header()).build());
                continue;
            }
            int end = Math.min(file.size(), sent + PIECE_BYTES);
            node.onNext(EncodeRequest.newBuilder()
                    .setData(file.substring(sent, end))
                    .build());
            sent = end;
            if (sent == file.size()) {
                node.onCompleted();
            }
        }
    }

    private EncodeImage header() {
        return EncodeImage.newBuilder()
                .setFeatureKey(route.featureKey())
                .setImageId(route.image().id().digest())
                .setTotalBytes(route.image().file().size())
                .setVisionRevision(route.visionRevision())
                .setWidth(route.image().width())
                .setHeight(route.image().height())
                .setPeer(requester.peer())
                .setRequester(requester.requestId())
                .build();
    }

    @Override
    public void onNext(EncodeResult result) {
        if (!result.getFeatureKey().equals(route.featureKey())) {
            tell(new Outcome.Lost(new Failure.Unavailable("a vision node answered with the result of another image")));
            return;
        }
        tell(
                switch (result.getOutcomeCase()) {
                    case ENCODED -> new Outcome.Encoded();
                    case FAILURE -> failed(result.getFailure());
                    case OUTCOME_NOT_SET ->
                        new Outcome.Lost(new Failure.Unavailable("a vision node answered without an outcome"));
                });
        if (sent < route.image().file().size()) {
            node.cancel("the outcome is known", null);
        }
    }

    @Override
    public void onError(Throwable error) {
        tell(failed(error));
    }

    @Override
    public void onCompleted() {
        tell(new Outcome.Lost(new Failure.Unavailable("a vision node ended without an answer")));
    }

    private void tell(Outcome outcome) {
        if (!told) {
            told = true;
            onOutcome.accept(outcome);
        }
    }

    private static Outcome failed(Throwable thrown) {
        return switch (WorkerFailures.beforeTokens(thrown, "vision")) {
            case Failure.Invalid invalid -> new Outcome.Refused(invalid.message());
            case Failure other -> new Outcome.Lost(other);
        };
    }

    /** The status of a single image, which the worker sends in a result because a call may have several images. */
    private static Outcome failed(EncodeFailure failure) {
        if (failure.getCode() == Status.Code.INVALID_ARGUMENT.value()) {
            return new Outcome.Refused(failure.getMessage());
        }
        return failed(Status.fromCodeValue(failure.getCode())
                .withDescription(failure.getMessage())
                .asRuntimeException());
    }
}
