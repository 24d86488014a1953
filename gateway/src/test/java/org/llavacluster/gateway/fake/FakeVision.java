package org.llavacluster.gateway.fake;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.cluster.v1.EncodeFailure;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.Encoded;
import org.llavacluster.proto.cluster.v1.VisionGrpc;

/**
 * Encodes nothing, but checks that callers keep the contract: every image is complete, under its own digest, in pieces
 * of at most 1 MiB.
 */
public final class FakeVision extends VisionGrpc.VisionImplBase {

    /** What happens to a complete image. */
    public enum Answer {
        ENCODED,
        /** Refused as an unreadable image. */
        REFUSED,
        /** The call ends as if the node broke. */
        BROKEN
    }

    private final List<EncodeImage> images = new CopyOnWriteArrayList<>();
    private final AtomicInteger open = new AtomicInteger();
    private final AtomicInteger calls = new AtomicInteger();
    private final List<Runnable> held = new ArrayList<>();
    private volatile Function<EncodeImage, Answer> answers = image -> Answer.ENCODED;
    private boolean holding;

    /** Headers of the complete images. */
    public List<EncodeImage> images() {
        return images;
    }

    /** Calls so far. */
    public int calls() {
        return calls.get();
    }

    /** Calls that have not ended. */
    public int open() {
        return open.get();
    }

    public void answer(Function<EncodeImage, Answer> answers) {
        this.answers = answers;
    }

    /** From now on no image is answered before {@link #release}. */
    public synchronized void hold() {
        holding = true;
    }

    public void release() {
        List<Runnable> released;
        synchronized (this) {
            holding = false;
            released = List.copyOf(held);
            held.clear();
        }
        released.forEach(Runnable::run);
    }

    private void answerWhenReleased(Runnable answer) {
        synchronized (this) {
            if (holding) {
                held.add(answer);
                return;
            }
        }
        answer.run();
    }

    @Override
    public StreamObserver<EncodeRequest> encode(StreamObserver<EncodeResult> observer) {
        open.incrementAndGet();
        calls.incrementAndGet();
        ServerCallStreamObserver<EncodeResult> client = (ServerCallStreamObserver<EncodeResult>) observer;
        client.setOnCancelHandler(open::decrementAndGet);
        client.setOnCloseHandler(open::decrementAndGet);
        return new Batch(client);
    }

    /** One call, with any number of images. */
    private final class Batch implements StreamObserver<EncodeRequest> {

        private final ServerCallStreamObserver<EncodeResult> client;
        private EncodeImage image;
        private ByteString file;
        private int unanswered;
        private boolean allSent;
        private boolean over;

        private Batch(ServerCallStreamObserver<EncodeResult> client) {
            this.client = client;
        }

        @Override
        public synchronized void onNext(EncodeRequest request) {
            if (request.hasImage()) {
                image = request.getImage();
                file = ByteString.EMPTY;
                unanswered++;
                return;
            }
            if (request.getData().size() > 1 << 20) {
                fail(Status.INVALID_ARGUMENT.withDescription("piece").asRuntimeException());
                return;
            }
            file = file.concat(request.getData());
            if (file.size() == image.getTotalBytes()) {
                images.add(image);
                EncodeImage whole = image;
                ByteString bytes = file;
                answerWhenReleased(() -> answer(whole, bytes));
            }
        }

        @Override
        public void onError(Throwable t) {}

        @Override
        public synchronized void onCompleted() {
            allSent = true;
            completeIfDone();
        }

        private void completeIfDone() {
            if (allSent && unanswered == 0 && !over) {
                over = true;
                client.onCompleted();
            }
        }

        private void fail(RuntimeException status) {
            if (!over) {
                over = true;
                client.onError(status);
            }
        }

        private synchronized void answer(EncodeImage answered, ByteString bytes) {
            if (over || client.isCancelled()) {
                return;
            }
            if (!sha256(bytes).equals(answered.getImageId())) {
                fail(Status.DATA_LOSS.asRuntimeException());
                return;
            }
            EncodeResult.Builder result = EncodeResult.newBuilder().setFeatureKey(answered.getFeatureKey());
            switch (answers.apply(answered)) {
                case ENCODED ->
                    result.setEncoded(Encoded.newBuilder().setTiles(1).setRows(36));
                case REFUSED ->
                    result.setFailure(EncodeFailure.newBuilder()
                            .setCode(Status.Code.INVALID_ARGUMENT.value())
                            .setMessage("the image cannot be decoded"));
                case BROKEN -> {
                    fail(GrpcFailures.toStatus(new Failure.Unavailable("the node is shutting down")));
                    return;
                }
            }
            client.onNext(result.build());
            unanswered--;
            completeIfDone();
        }
    }

    private static ByteString sha256(ByteString bytes) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
