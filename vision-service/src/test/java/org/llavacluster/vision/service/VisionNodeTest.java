package org.llavacluster.vision.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.fixture.Deviation;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.image.ImageHeader;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.config.NodeConfiguration;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.server.NodeProcess;
import org.llavacluster.node.server.StartupException;
import org.llavacluster.node.tensor.ExpectedTensor;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.node.tensor.TensorAllocator;
import org.llavacluster.node.tensor.TensorPuller;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.DescribeRequest;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.EncodeResult;
import org.llavacluster.proto.cluster.v1.NodeGrpc;
import org.llavacluster.proto.cluster.v1.PullFeaturesRequest;
import org.llavacluster.proto.cluster.v1.Role;
import org.llavacluster.proto.tensor.TensorMethods;

/** A whole vision node on TensorFlow, against the features of the reference. */
class VisionNodeTest {

    private static final double BOUND = 2e-5;

    private static NodeProcess start(String model, Map<String, String> more) {
        Map<String, String> properties = new HashMap<>(Map.of(
                "llava.model", Fixture.path(model).toString(), "llava.preprocess", "reference", "llava.threads", "1"));
        properties.putAll(more);
        VisionApplication application = new VisionApplication(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(properties, "test", 100))
                .build());
        return NodeProcess.start(
                application, NodeConfiguration.loopback("vision-0"), new SimpleMeterRegistry(), Clock.SYSTEM);
    }

    private static ManagedChannel channel(NodeProcess node) {
        return NettyChannelBuilder.forAddress("127.0.0.1", node.port())
                .usePlaintext()
                .build();
    }

    private static Description describe(ManagedChannel channel) {
        return NodeGrpc.newBlockingStub(channel)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .describe(DescribeRequest.getDefaultInstance());
    }

    @ParameterizedTest
    @ValueSource(strings = {"llava-1.5-tiny", "llava-1.5-tiny-bf16-sharded"})
    void shouldServeTheReferencesFeaturesOfEveryImage(String name) {
        Fixture fixture = Fixture.open(name);
        try (NodeProcess node = start(name, Map.of())) {
            ManagedChannel channel = channel(node);
            try {
                String revision = describe(channel).getRevision();
                EncodeBatch batch = new EncodeBatch(channel, revision);
                for (String image : fixture.images()) {
                    byte[] file = EncodeBatch.file(image);
                    ImageHeader header = ImageHeader.read(ByteBuffer.wrap(file));
                    batch.send(batch.header(
                                    EncodeBatch.key(image),
                                    file,
                                    header.widthAsSeen(Preprocess.REFERENCE),
                                    header.heightAsSeen(Preprocess.REFERENCE)))
                            .send(file, 100_000);
                }
                assertThat(batch.closed().end().isOk()).isTrue();
                assertThat(batch.results().values()).hasSize(11).allMatch(EncodeResult::hasEncoded);
                for (String image : fixture.images()) {
                    float[] features = pull(channel, EncodeBatch.key(image), revision, List.of(36L, 48L));
                    assertThat(Deviation.relative(
                                    features,
                                    fixture.golden(image + "/vision_features").toFloats()))
                            .as(image)
                            .isLessThanOrEqualTo(BOUND);
                }
            } finally {
                channel.shutdownNow();
            }
        }
    }

    private static float[] pull(ManagedChannel channel, ByteString key, String revision, List<Long> shape) {
        PullOutcome outcome = TensorPuller.pull(
                        channel,
                        TensorMethods.PULL_FEATURES,
                        CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS),
                        PullFeaturesRequest.newBuilder()
                                .setFeatureKey(key)
                                .setVisionRevision(revision)
                                .build(),
                        new ExpectedTensor(key, Set.of(DataType.DATA_TYPE_F32), shape, 1 << 20),
                        TensorAllocator.heap())
                .outcome()
                .join();
        assertThat(outcome).isInstanceOf(PullOutcome.Ready.class);
        return ((PullOutcome.Ready) outcome).bytes().toArray(HostTensor.FLOAT);
    }

    @Test
    void shouldDescribeWhatItServes() {
        Description natural;
        Description reference;
        try (NodeProcess node = start("llava-1.6-tiny", Map.of("llava.preprocess", "natural"))) {
            ManagedChannel channel = channel(node);
            natural = describe(channel);
            channel.shutdownNow();
        }
        try (NodeProcess node = start("llava-1.6-tiny", Map.of("llava.wire", "f16"))) {
            ManagedChannel channel = channel(node);
            reference = describe(channel);
            channel.shutdownNow();
        }
        assertThat(natural.getNodeId()).isEqualTo("vision-0");
        assertThat(natural.getRole()).isEqualTo(Role.ROLE_VISION);
        assertThat(natural.getModel()).isEqualTo("llava-1.6-tiny");
        assertThat(natural.getRevision()).matches("[0-9a-f]+").isEqualTo(reference.getRevision());
        assertThat(natural.getNumericsId()).matches("[0-9a-f]{32}").isNotEqualTo(reference.getNumericsId());
        assertThat(natural.getEpoch()).isNotEqualTo(reference.getEpoch());
        assertThat(natural.getVision().getImageSize()).isEqualTo(84);
        assertThat(natural.getVision().getRowsPerTile()).isEqualTo(36);
        assertThat(natural.getVision().getFeatures()).isEqualTo(48);
        assertThat(natural.getVision().getPreprocessor())
                .startsWith("llava-pixels/2 as=natural mode=any_resolution side=84 ")
                .contains(" grid=84x168,168x84,168x168,252x84,84x252,168x252 ")
                .isNotEqualTo(reference.getVision().getPreprocessor());
    }

    @Test
    void shouldNotStartWithWhatItCannotServe() {
        assertThatThrownBy(() -> start("no-such-model", Map.of()).close())
                .isInstanceOfSatisfying(
                        StartupException.class, e -> assertThat(e.exitCode()).isEqualTo(1))
                .hasMessageContaining("no-such-model");
        Map<String, String> unheld = Map.of("llava.engine", "tensorflow", "llava.weights", "q8_0");
        assertThatThrownBy(() -> start("llava-1.5-tiny", unheld).close())
                .isInstanceOf(PropertyException.class)
                .hasMessageContaining("'q8_0'");
    }
}
