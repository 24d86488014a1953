package org.llavacluster.systemtest;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.stub.StreamObserver;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;
import javax.imageio.ImageIO;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.ProjectorGrpc;
import org.llavacluster.proto.cluster.v1.PullEmbeddingsRequest;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.cluster.v1.TensorChunk;
import org.llavacluster.proto.cluster.v1.VisionGrpc;
import org.llavacluster.systemtest.harness.GoldenTensors;
import org.llavacluster.systemtest.harness.Launcher;
import org.llavacluster.systemtest.harness.RunningCluster;

/** Features and embeddings between real processes, read with the generated client of the contract. */
class PulledTensorsTest {

    private static final double BOUND = 2e-5;
    private static final List<String> PICTURES =
            List.of("scene.png", "landscape.png", "portrait.png", "wide.png", "odd-crop.png", "small.png", "exact.png");

    @ParameterizedTest
    @CsvSource({
        "llava-1.5-tiny, simd, projected",
        "llava-1.5-tiny, tensorflow, projected",
        "llava-1.5-tiny-bf16-sharded, simd, projected",
        "llava-1.6-tiny, simd, merged",
        "llava-1.6-tiny, tensorflow, merged"
    })
    void shouldCarryWhatTheReferenceComputes(String fixture, String engine, String embeddings) throws Exception {
        GoldenTensors goldens = GoldenTensors.of(fixture);
        try (RunningCluster cluster =
                RunningCluster.up(Launcher.fixture(fixture), "--engine", engine, "--preprocess", "reference")) {
            for (String picture : PICTURES) {
                ImageReference image = encode(
                        cluster,
                        picture,
                        goldens.shape(picture + "/" + embeddings).getFirst());
                if (goldens.has(picture + "/vision_features")) {
                    assertClose(
                            goldens.floats(picture + "/vision_features"),
                            read(VisionGrpc.newBlockingStub(cluster.channel("vision-0"))
                                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                                    .pullFeatures(PullFeaturesRequest.newBuilder()
                                            .setFeatureKey(image.getFeatureKey())
                                            .setVisionRevision(image.getVisionRevision())
                                            .build())));
                }
                assertClose(
                        goldens.floats(picture + "/" + embeddings),
                        read(ProjectorGrpc.newBlockingStub(cluster.channel("projector-0"))
                                .withDeadlineAfter(20, TimeUnit.SECONDS)
                                .pullEmbeddings(PullEmbeddingsRequest.newBuilder()
                                        .setImage(image)
                                        .build())));
            }
        }
    }

    private static ImageReference encode(RunningCluster cluster, String picture, long rows) throws Exception {
        Path path = Launcher.fixture("images").resolve(picture);
        byte[] file = Files.readAllBytes(path);
        BufferedImage decoded = ImageIO.read(path.toFile());
        ByteString featureKey = digest(("features " + picture).getBytes(StandardCharsets.UTF_8));
        String visionRevision = revision(cluster, "vision-0");
        CompletableFuture<EncodeResult> result = new CompletableFuture<>();
        StreamObserver<EncodeRequest> upload = VisionGrpc.newStub(cluster.channel("vision-0"))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .encode(new StreamObserver<>() {
                    @Override
                    public void onNext(EncodeResult value) {
                        result.complete(value);
                    }

                    @Override
                    public void onError(Throwable t) {
                        result.completeExceptionally(t);
                    }

                    @Override
                    public void onCompleted() {
                        result.completeExceptionally(new IOException("no result"));
                    }
                });
        upload.onNext(EncodeRequest.newBuilder()
                .setImage(EncodeImage.newBuilder()
                        .setFeatureKey(featureKey)
                        .setImageId(digest(file))
                        .setTotalBytes(file.length)
                        .setVisionRevision(visionRevision)
                        .setWidth(decoded.getWidth())
                        .setHeight(decoded.getHeight()))
                .build());
        upload.onNext(
                EncodeRequest.newBuilder().setData(ByteString.copyFrom(file)).build());
        upload.onCompleted();
        assertThat(result.get(20, TimeUnit.SECONDS).hasEncoded()).as(picture).isTrue();
        return ImageReference.newBuilder()
                .setFeatureKey(featureKey)
                .setEmbeddingKey(digest(("embeddings " + picture).getBytes(StandardCharsets.UTF_8)))
                .setRows(Math.toIntExact(rows))
                .setWidth(decoded.getWidth())
                .setHeight(decoded.getHeight())
                .setVisionRevision(visionRevision)
                .setProjectorRevision(revision(cluster, "projector-0"))
                .setVisionNode("vision-0")
                .setProjectorNode("projector-0")
                .build();
    }

    private static String revision(RunningCluster cluster, String node) {
        return NodeGrpc.newBlockingStub(cluster.channel(node))
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .describe(DescribeRequest.getDefaultInstance())
                .getRevision();
    }

    private static ByteString digest(byte[] bytes) throws NoSuchAlgorithmException {
        return ByteString.copyFrom(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    /** Joins the chunks of a pull and checks the checksum at the end. */
    private static float[] read(Iterator<TensorChunk> chunks) throws IOException {
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        CRC32C crc = new CRC32C();
        TensorChunk last = TensorChunk.getDefaultInstance();
        while (chunks.hasNext()) {
            last = chunks.next();
            if (last.hasHeader()) {
                assertThat(last.getAnswer()).isEqualTo(TensorChunk.Answer.ANSWER_READY);
                assertThat(last.getHeader().getDataType()).isEqualTo(DataType.DATA_TYPE_F32);
            }
            data.writeBytes(last.getData().toByteArray());
            crc.update(last.getData().toByteArray());
        }
        assertThat(last.hasCrc32C()).isTrue();
        assertThat(last.getCrc32C()).isEqualTo((int) crc.getValue());
        float[] values = new float[data.size() / Float.BYTES];
        ByteBuffer.wrap(data.toByteArray())
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(values);
        return values;
    }

    private static void assertClose(float[] expected, float[] actual) {
        assertThat(actual).hasSameSizeAs(expected);
        double largest = 0;
        double difference = 0;
        for (int i = 0; i < expected.length; i++) {
            largest = Math.max(largest, Math.abs(expected[i]));
            difference = Math.max(difference, Math.abs(expected[i] - actual[i]));
        }
        assertThat(difference / largest).isLessThanOrEqualTo(BOUND);
    }
}
