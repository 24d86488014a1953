package org.llavacluster.decoder.generate;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Channel;
import io.grpc.Deadline;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.time.Clock;
import org.llavacluster.proto.cluster.v1.ImageReference;

/** Embeddings whose projector is absent. */
@Timeout(60)
class ImageFetchesTest {

    private static final Failure AWAY =
            new Failure.Unavailable("there is no node 'projector-0' in the cluster at present");

    private final ExecutorService serial = Executors.newSingleThreadExecutor();
    private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    private final BlockingQueue<Failure> failures = new LinkedBlockingQueue<>();
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
                new StageMetrics(new SimpleMeterRegistry(), Clock.SYSTEM, Stage.PULL_EMBEDDINGS));
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
                    public void missing(ImageReference image) {}

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

    @Test
    void shouldFailAtOnceBeforeTheSequenceHasBegun() throws InterruptedException {
        ImageFetches fetches = fetches(Integer.MAX_VALUE, AWAY);
        serial.execute(() -> fetches.fetch(0, 1));
        assertThat(failures.take()).isEqualTo(AWAY);
        assertThat(looks).hasValue(1);
    }

    @Test
    void shouldWaitForAProjectorThatComesBackAfterAPreemption() throws InterruptedException {
        ImageFetches fetches = fetches(4, AWAY);
        serial.execute(() -> fetches.fetch(0, 2));
        while (looks.get() < 6) {
            assertThat(failures).isEmpty();
            Thread.onSpinWait();
        }
        serial.execute(fetches::stopAll);
    }

    @Test
    void shouldNotWaitForAnythingElse() throws InterruptedException {
        Failure corrupt = new Failure.Corrupt("not what was sent");
        ImageFetches fetches = fetches(1, corrupt);
        serial.execute(() -> fetches.fetch(0, 2));
        assertThat(failures.take()).isEqualTo(corrupt);
    }
}
