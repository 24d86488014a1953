package org.llavacluster.projector.embed;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Channel;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.SimdBackend;
import org.llavacluster.model.fixture.Fixture;
import org.llavacluster.modelio.config.ModelConfig;
import org.llavacluster.modelio.config.ModelFolder;
import org.llavacluster.modelio.image.ImageLayout;
import org.llavacluster.modelio.image.ImageLayouts;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.PendingTensor;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;

class EmbeddingMakerTest {

    private static final Failure GONE = new Failure.Unavailable("no such vision node");

    private final List<String> asked = new ArrayList<>();
    private final List<Failure> failures = new ArrayList<>();

    /** A request may join another one between the making's first appearance and its first pull. */
    @Test
    void shouldPullFirstFromTheNodeThatAJoiningRequestNames() {
        ModelConfig config = ModelFolder.open(Fixture.path("llava-1.5-tiny"), Optional.empty())
                .config();
        ImageLayout layout = new ImageLayouts(config).of(320, 240);
        Function<String, Channel> channels = node -> {
            asked.add(node);
            throw new FailureException(GONE);
        };
        try (SimdBackend backend = new SimdBackend(WeightsFormat.F32, 1)) {
            // No features come, so nothing is projected.
            EmbeddingMaker maker = new EmbeddingMaker(
                    config.vision(),
                    backend,
                    channels,
                    null,
                    new StageMetrics(new SimpleMeterRegistry(), Clock.SYSTEM, Stage.PULL_FEATURES),
                    NodeTracing.OFF);

            maker.make(request(layout, "vision-0"), new Joined(() -> {
                maker.redirect(request(layout, "vision-0"));
                maker.redirect(request(layout, "vision-9"));
            }));
        }

        assertThat(asked).containsExactly("vision-9");
        assertThat(failures).containsExactly(GONE);
    }

    private static EmbeddingRequest request(ImageLayout layout, String visionNode) {
        return new EmbeddingRequest(
                ByteString.copyFromUtf8("embeddings"), ByteString.copyFromUtf8("features"), layout, "r", visionNode);
    }

    /** Embeddings that others join while their making registers with them. */
    private final class Joined implements PendingTensor {

        private final Runnable others;

        private Joined(Runnable others) {
            this.others = others;
        }

        @Override
        public void onAbandoned(Runnable action) {
            others.run();
        }

        @Override
        public void fail(Failure failure) {
            failures.add(failure);
        }

        @Override
        public void complete(CachedTensor tensor) {
            throw new AssertionError("nothing was pulled");
        }

        @Override
        public void absent() {
            throw new AssertionError("nothing was pulled");
        }

        @Override
        public void wrongRevision() {
            throw new AssertionError("nothing was pulled");
        }

        @Override
        public boolean isWanted() {
            return true;
        }
    }
}
