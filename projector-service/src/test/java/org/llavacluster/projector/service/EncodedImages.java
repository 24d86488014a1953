package org.llavacluster.projector.service;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.tensor.ExpectedTensor;
import org.llavacluster.node.tensor.TensorAllocator;
import org.llavacluster.node.tensor.TensorPull;
import org.llavacluster.node.tensor.TensorPuller;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.proto.tensor.TensorMethods;

/** Images of the fixtures, encoded and pulled as gateway and decoder do. */
final class EncodedImages {

    private static final int HIDDEN = 64;

    private EncodedImages() {}

    static byte[] file(String image) {
        try {
            return Files.readAllBytes(Fixture.path("images").resolve(image));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ByteString digest(byte[] bytes) {
        try {
            return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    static ByteString key(String kind, String image) {
        return digest((kind + " of " + image).getBytes(StandardCharsets.UTF_8));
    }

    /** The reference to an image as a prompt has it, without the nodes. */
    static ImageReference.Builder reference(String image, int rows, String visionRevision, String projectorRevision) {
        ImageHeader header = ImageHeader.read(ByteBuffer.wrap(file(image)));
        return ImageReference.newBuilder()
                .setEmbeddingKey(key("embeddings", image))
                .setFeatureKey(key("features", image))
                .setRows(rows)
                .setWidth(header.widthAsSeen(Preprocess.REFERENCE))
                .setHeight(header.heightAsSeen(Preprocess.REFERENCE))
                .setVisionRevision(visionRevision)
                .setProjectorRevision(projectorRevision)
                .setVisionNode("vision-0")
                .setProjectorNode("projector-0");
    }

    /** Has the image encoded and returns when its features are ready. */
    static void encode(Channel vision, ImageReference reference, String image) {
        byte[] file = file(image);
        CompletableFuture<EncodeResult> result = new CompletableFuture<>();
        StreamObserver<EncodeRequest> call = VisionGrpc.newStub(vision)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .encode(new StreamObserver<>() {
                    @Override
                    public void onNext(EncodeResult value) {
                        result.complete(value);
                    }

                    @Override
                    public void onError(Throwable error) {
                        result.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {
                        result.completeExceptionally(new AssertionError("no result"));
                    }
                });
        call.onNext(EncodeRequest.newBuilder()
                .setImage(EncodeImage.newBuilder()
                        .setFeatureKey(reference.getFeatureKey())
                        .setImageId(digest(file))
                        .setTotalBytes(file.length)
                        .setVisionRevision(reference.getVisionRevision())
                        .setWidth(reference.getWidth())
                        .setHeight(reference.getHeight()))
                .build());
        call.onNext(
                EncodeRequest.newBuilder().setData(ByteString.copyFrom(file)).build());
        call.onCompleted();
        if (!result.join().hasEncoded()) {
            throw new AssertionError(result.join().toString());
        }
    }

    static TensorPull pull(Channel projector, ImageReference reference) {
        return TensorPuller.pull(
                projector,
                TensorMethods.PULL_EMBEDDINGS,
                CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                PullEmbeddingsRequest.newBuilder().setImage(reference).build(),
                new ExpectedTensor(
                        reference.getEmbeddingKey(),
                        Set.of(DataType.DATA_TYPE_F32, DataType.DATA_TYPE_F16),
                        List.of((long) reference.getRows(), (long) HIDDEN),
                        4L * reference.getRows() * HIDDEN),
                TensorAllocator.heap());
    }
}
