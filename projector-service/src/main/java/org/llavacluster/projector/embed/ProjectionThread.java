package org.llavacluster.projector.embed;

import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.model.projector.ProjectorProgram;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.Departure;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.worker.model.WireFormat;
import org.llavacluster.worker.serve.EngineFailures;
import org.llavacluster.worker.serve.VitalThreads;
import org.llavacluster.worker.serve.WireTensors;
import org.llavacluster.worker.serve.WorkerLoad;

/** The thread that runs the engine. It projects features to embeddings, one image after the other. */
public final class ProjectionThread implements AutoCloseable {

    /**
     * Largest number of images that wait, with their features in memory: 256 images of LLaVA 1.5 take 604 MB in
     * float32.
     */
    private static final int QUEUED = 256;

    private static final Duration RETRY_AFTER = Duration.ofMillis(200);
    private static final Duration LONGEST_RUN = Duration.ofSeconds(60);
    private static final Failure STOPPING = new Failure.Unavailable("the projector node is stopping");

    /** Projects features {@code [rows, features]} to the output "embeddings" {@code [rowOrder.length, hidden]}. */
    @FunctionalInterface
    public interface Projector {

        LoadedModel.Outputs project(HostTensor features, int[] rowOrder);
    }

    private final Projector projector;
    private final WireFormat wire;
    private final StageMetrics metrics;
    private final NodeTracing tracing;
    private final WorkerLoad load;
    private final Clock clock;
    private final ThreadPoolExecutor engine;

    public ProjectionThread(
            Projector projector,
            WireFormat wire,
            StageMetrics metrics,
            NodeTracing tracing,
            WorkerLoad load,
            Clock clock) {
        this.projector = projector;
        this.wire = wire;
        this.metrics = metrics;
        this.tracing = tracing;
        this.load = load;
        this.clock = clock;
        Thread.Builder threads = VitalThreads.named("project");
        this.engine =
                new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUED), threads::unstarted);
        engine.prestartCoreThread();
    }

    /** Queues a projection, or fails it if the queue is full or closed. It ends in every case. */
    void submit(Projection projection) {
        load.queued();
        try {
            engine.execute(new Work(projection));
        } catch (RejectedExecutionException e) {
            refuse(
                    projection,
                    engine.isShutdown()
                            ? STOPPING
                            : new Failure.Overloaded("too many images wait at the projector node", RETRY_AFTER));
        }
    }

    /** Nothing waits for the embeddings any more. */
    void left(Departure departure) {
        departure.at(clock.nanoTime());
    }

    private final class Work implements Runnable {

        private final Projection projection;

        private Work(Projection projection) {
            this.projection = projection;
        }

        @Override
        public void run() {
            if (projection.isWanted()) {
                project(projection);
            } else {
                refuse(projection, new Failure.Cancelled("no call waits for the embeddings any more"));
            }
        }
    }

    private void project(Projection projection) {
        load.started(1);
        long start = clock.nanoTime();
        try {
            CachedTensor embeddings = measured(projection);
            projection.complete(embeddings);
            load.finished(1, projection.wanted().layout().rows(), clock.nanoTime() - start);
        } catch (RuntimeException | OutOfMemoryError e) {
            projection.fail(EngineFailures.of("projecting", e));
            load.finished(1, 0, 0);
        }
    }

    /** The stage ends before the embeddings are delivered, so a client that has them also finds them in the metrics. */
    private CachedTensor measured(Projection projection) {
        StageMetrics.Running stage = metrics.begin(Stage.PROJECT);
        Span span = tracing.begin(Stage.PROJECT, projection.trace());
        long start = clock.nanoTime();
        boolean succeeded = false;
        EmbeddingRequest wanted = projection.wanted();
        try (FeatureMemory features = projection.features();
                LoadedModel.Outputs outputs =
                        projector.project(features.tensor(), wanted.layout().rowOrder())) {
            CachedTensor embeddings = WireTensors.rows(
                    wanted.embeddingKey(),
                    outputs.get(ProjectorProgram.EMBEDDINGS),
                    0,
                    wanted.layout().rows(),
                    wire);
            succeeded = true;
            return embeddings;
        } finally {
            stage.end(succeeded);
            span.end();
            metrics.abandoned().spent(Stage.PROJECT, projection.departure().within(start, clock.nanoTime()));
        }
    }

    private void refuse(Projection projection, Failure failure) {
        load.dropped();
        projection.fail(failure);
    }

    /**
     * Refuses waiting images and waits until the engine ends its run.
     *
     * @throws IllegalStateException if the run does not end, in which case the model must not be closed
     */
    @Override
    public void close() {
        engine.shutdownNow().forEach(work -> refuse(((Work) work).projection, STOPPING));
        try {
            if (!engine.awaitTermination(LONGEST_RUN.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the engine still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine runs", e);
        }
    }
}
