package org.llavacluster.decoder.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.Source;

/** Embeddings whose projector is absent. */
@Timeout(60)
class ImageFetchesTest {

    private static final Failure AWAY =
            new Failure.Unavailable("there is no node 'projector-0' in the cluster at present");

    private final ExecutorService serial = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> missing = new LinkedBlockingQueue<>();
    private final AtomicInteger looks = new AtomicInteger();
    private final ManagedChannel nobody =
            InProcessChannelBuilder.forName("no-such-projector").build();

    @AfterEach
    void stop() {
        timers.shutdownNow();
        serial.shutdownNow();
        nobody.shutdownNow();
    }

    /**
     * @param awayFor number of looks that find no projector in the cluster
     */
    private ImageFetches fetches(int awayFor, Failure failure) {
        EmbeddingPuller puller = new EmbeddingPuller(
                _ -> channel(awayFor, failure),
                null,
                8,
                new StageMetrics(new SimpleMeterRegistry(), Clock.SYSTEM, Stage.PULL_EMBEDDINGS),
                NodeTracing.OFF);
        ImageReference image = ImageReference.newBuilder()
                .setProjectorNode("projector-0")
                .setRows(1)
                .build();
        return new ImageFetches(
                List.of(image),
                puller,
                Deadline.after(30, TimeUnit.SECONDS),
                serial,
                timers,
                new ImageFetches.Listener() {
                    @Override
                    public void arrived(int image, int attempt, HostTensor tensor) {
                        tensor.close();
                    }

                    @Override
                    public void missing(ImageReference image, boolean unreachable) {
                        missing.add(unreachable);
                    }

                    @Override
                    public void failed(Failure failure) {
                        failures.add(failure);
                    }
                });
    }

    private Channel channel(int awayFor, Failure failure) {
        if (looks.getAndIncrement() < awayFor) {
            throw new FailureException(failure);
        }
        return nobody;
    }

    private static Source source(String projector) {
        return Source.newBuilder().setProjectorNode(projector).build();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void shouldAskForAnotherSourceWhereNoProjectorIsReached(int attempt) throws InterruptedException {
        ImageFetches fetches = fetches(1, AWAY);
        serial.execute(() -> fetches.fetch(0, attempt));
        assertThat(missing.take()).isTrue();
        assertThat(looks).hasValue(1);
        serial.execute(() -> fetches.source(source("projector-1")));
        // Nobody is there either.
        assertThat(missing.take()).isTrue();
        assertThat(looks).hasValue(2);
        serial.execute(fetches::noMoreSources);
        assertThat(failures.take()).isInstanceOf(Failure.Unavailable.class);
    }

    @Test
    void shouldBeginAPullAnewThatIsUnderWayFromAnotherNode() throws InterruptedException {
        ImageFetches fetches = fetches(0, AWAY);
        CountDownLatch done = new CountDownLatch(1);
        serial.execute(() -> {
            fetches.fetch(0, 1);
            fetches.source(source("projector-0"));
            assertThat(looks).hasValue(1);
            fetches.source(source("projector-1"));
            assertThat(looks).hasValue(2);
            fetches.stopAll();
            done.countDown();
        });
        assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(failures).isEmpty();
    }

    @Test
    void shouldFailWithTheReasonWhereTheGatewayAnswersNoMore() throws InterruptedException {
        ImageFetches fetches = fetches(Integer.MAX_VALUE, AWAY);
        serial.execute(fetches::noMoreSources);
        serial.execute(() -> fetches.fetch(0, 1));
        assertThat(failures.take()).isEqualTo(AWAY);
        assertThat(missing).isEmpty();
    }

    @Test
    void shouldNotWaitForAnythingElse() throws InterruptedException {
        Failure corrupt = new Failure.Corrupt("not what was sent");
        ImageFetches fetches = fetches(1, corrupt);
        serial.execute(() -> fetches.fetch(0, 2));
        assertThat(failures.take()).isEqualTo(corrupt);
    }
}
