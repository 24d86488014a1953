package org.llavacluster.vision.service;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.VisionGrpc;

/** One Encode call. */
final class EncodeBatch implements ClientResponseObserver<EncodeRequest, EncodeResult> {

    private final Map<ByteString, EncodeResult> results = new ConcurrentHashMap<>();
    private final CompletableFuture<Status> end = new CompletableFuture<>();
    private final String revision;
    private ClientCallStreamObserver<EncodeRequest> node;

    EncodeBatch(Channel channel, String revision) {
        this.revision = revision;
        VisionGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS).encode(this);
    }

    static byte[] file(String name) {
        try {
            return Files.readAllBytes(Fixture.path("images").resolve(name));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A key as long as real ones. */
    static ByteString key(String name) {
        return sha256(("key of " + name).getBytes(StandardCharsets.UTF_8));
    }

    static ByteString sha256(byte[] bytes) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    EncodeImage.Builder header(ByteString key, byte[] file, int width, int height) {
        return EncodeImage.newBuilder()
                .setFeatureKey(key)
                .setImageId(sha256(file))
                .setTotalBytes(file.length)
                .setVisionRevision(revision)
                .setWidth(width)
                .setHeight(height);
    }

    /** The scene, 320 x 240, under the given key. */
    EncodeBatch scene(String key) {
        return scene(key, header -> header);
    }

    EncodeBatch scene(String key, UnaryOperator<EncodeImage.Builder> change) {
        byte[] file = file("scene.png");
        send(change.apply(header(key(key), file, 320, 240)));
        return send(file, 1_000);
    }

    EncodeBatch send(EncodeImage.Builder header) {
        return send(EncodeRequest.newBuilder().setImage(header).build());
    }

    EncodeBatch send(byte[] file, int pieceBytes) {
        for (int at = 0; at < file.length; at += pieceBytes) {
            int length = Math.min(pieceBytes, file.length - at);
            send(EncodeRequest.newBuilder()
                    .setData(ByteString.copyFrom(file, at, length))
                    .build());
        }
        return this;
    }

    EncodeBatch send(EncodeRequest request) {
        node.onNext(request);
        return this;
    }

    EncodeBatch closed() {
        node.onCompleted();
        return this;
    }

    void cancel() {
        node.cancel("the test has enough", null);
    }

    /** The status that ended the call. */
    Status end() {
        return end.orTimeout(20, TimeUnit.SECONDS).join();
    }

    Map<ByteString, EncodeResult> results() {
        return results;
    }

    EncodeResult result(String key) {
        VisionRig.await(() -> results.containsKey(key(key)) || end.isDone());
        EncodeResult result = results.get(key(key));
        if (result == null) {
            throw new AssertionError("the call ended without the result: " + end.join());
        }
        return result;
    }

    @Override
    public void beforeStart(ClientCallStreamObserver<EncodeRequest> stream) {
        node = stream;
    }

    @Override
    public void onNext(EncodeResult result) {
        if (results.put(result.getFeatureKey(), result) != null) {
            end.completeExceptionally(new AssertionError("two results for one image"));
        }
    }

    @Override
    public void onError(Throwable error) {
        end.complete(Status.fromThrowable(error));
    }

    @Override
    public void onCompleted() {
        end.complete(Status.OK);
    }
}
