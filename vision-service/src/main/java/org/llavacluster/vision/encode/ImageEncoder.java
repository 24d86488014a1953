package org.llavacluster.vision.encode;

import io.opentelemetry.api.trace.Span;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.llavacluster.model.image.DecodedImage;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.worker.serve.EngineFailures;
import org.llavacluster.worker.serve.VitalThreads;
import org.llavacluster.worker.serve.WorkerLoad;

/**
 * Encodes images. A few threads decode files to pixel values, and one thread runs the engine over the prepared images.
 * An image that no call waits for any more is dropped before the next stage.
 */
public final class ImageEncoder implements AutoCloseable {

    private static final Logger LOG = Logger.getLogger(ImageEncoder.class);

    /** Largest number of images waiting to be decoded. The memory budget usually holds images back before this. */
    private static final int QUEUED = 1024;

    /** The engine's buffers for one tile of CLIP-L/336 take about 30 MB. */
    private static final int TILE_LIMIT = 8;

    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);
    private static final Duration LONGEST_RUN = Duration.ofSeconds(60);
    private static final Failure STOPPING = new Failure.Unavailable("the vision node is stopping");

    private final PixelPreparer preparer;
    private final TileRunner tileRunner;
    private final StageMetrics metrics;
    private final NodeTracing tracing;
    private final WorkerLoad load;
    private final Clock clock;
    private final ThreadPoolExecutor preprocessing;
    private final PreparationQueue waiting;
    private final TileQueue ready = new TileQueue(TILE_LIMIT);
    private final Thread engine;

    /**
     * @param threads number of threads that compute pixel values
     */
    public ImageEncoder(
            PixelPreparer preparer,
            TileRunner tileRunner,
            StageMetrics metrics,
            NodeTracing tracing,
            WorkerLoad load,
            Clock clock,
            int threads) {
        this.preparer = preparer;
        this.tileRunner = tileRunner;
        this.metrics = metrics;
        this.tracing = tracing;
        this.load = load;
        this.clock = clock;
        this.waiting = new PreparationQueue(threads);
        this.preprocessing = new ThreadPoolExecutor(
                threads,
                threads,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(QUEUED),
                Thread.ofPlatform().name("preprocess-", 0).factory());
        this.engine = VitalThreads.named("encode").start(this::runEngine);
    }

    /** Queues a job, or fails it if the queue is full or closed. It ends in every case. */
    public void submit(EncodeJob job) {
        load.queued();
        job.begin(tracing, clock);
        waiting.add(job);
        try {
            preprocessing.execute(this::prepareNext);
        } catch (RejectedExecutionException e) {
            // Unless another thread has taken it in the meantime.
            if (waiting.remove(job)) {
                refuse(
                        job,
                        preprocessing.isShutdown()
                                ? STOPPING
                                : new Failure.Overloaded("too many images wait at the vision node", RETRY_AFTER));
            }
        }
    }

    /**
     * Prepares the next image. Does nothing if all waiting images are large and the other threads are busy with large
     * ones.
     */
    private void prepareNext() {
        Optional<EncodeJob> next = waiting.next();
        if (next.isEmpty()) {
            return;
        }
        try {
            prepare(next.get());
        } finally {
            if (waiting.done(next.get())) {
                runAgain();
            }
        }
    }

    private void runAgain() {
        try {
            preprocessing.execute(this::prepareNext);
        } catch (RejectedExecutionException e) {
            // The queue is full of calls of this method, one of which takes the image, or the encoder is stopping.
            LOG.debug("no thread is free to look at the waiting images");
        }
    }

    private void prepare(EncodeJob job) {
        if (!job.wanted()) {
            drop(job);
            return;
        }
        try {
            DecodedImage decoded = measured(Stage.DECODE_PIXELS, job, () -> preparer.decode(job));
            if (!job.wanted()) {
                drop(job);
                return;
            }
            PreparedImage prepared = measured(Stage.PREPROCESS, job, () -> preparer.preprocess(job, decoded));
            if (!ready.add(prepared)) {
                prepared.pixels().close();
                refuse(job, STOPPING);
            }
        } catch (FailureException e) {
            refuse(job, e.failure());
        } catch (RuntimeException | OutOfMemoryError | LinkageError e) {
            refuse(job, EngineFailures.of("reading an image", e));
        }
    }

    /** An image that cannot be read is no fault of the cluster. */
    private <T> T measured(Stage stage, EncodeJob job, Supplier<T> work) {
        StageMetrics.Running running = metrics.begin(stage);
        Span span = tracing.begin(stage, job.trace());
        long start = clock.nanoTime();
        boolean sound = false;
        try {
            T result = work.get();
            sound = true;
            return result;
        } catch (FailureException e) {
            sound = true;
            throw e;
        } finally {
            running.end(sound);
            span.end();
            metrics.abandoned().spent(stage, job.departure().within(start, clock.nanoTime()));
        }
    }

    private void runEngine() {
        try {
            for (List<PreparedImage> batch = ready.take(); !batch.isEmpty(); batch = ready.take()) {
                List<PreparedImage> wanted = wanted(batch);
                if (!wanted.isEmpty()) {
                    encode(wanted);
                }
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException("the engine thread is never interrupted", e);
        }
    }

    private List<PreparedImage> wanted(List<PreparedImage> batch) {
        List<PreparedImage> wanted = new ArrayList<>(batch.size());
        for (PreparedImage image : batch) {
            if (image.job().wanted()) {
                wanted.add(image);
            } else {
                image.pixels().close();
                drop(image.job());
            }
        }
        return wanted;
    }

    private void encode(List<PreparedImage> batch) {
        load.started(batch.size());
        long tiles = batch.stream().mapToInt(PreparedImage::tiles).sum();
        long start = clock.nanoTime();
        try {
            List<CachedTensor> features = measured(batch);
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).job().complete(features.get(i));
            }
            load.finished(batch.size(), tiles, clock.nanoTime() - start);
        } catch (RuntimeException | OutOfMemoryError e) {
            Failure failure = EngineFailures.of("encoding", e);
            batch.forEach(image -> image.job().fail(failure));
            load.finished(batch.size(), 0, 0);
        }
    }

    /** The stages end before the features are delivered, so a client that has them also finds them in the metrics. */
    private List<CachedTensor> measured(List<PreparedImage> batch) {
        List<StageMetrics.Running> stages =
                batch.stream().map(_ -> metrics.begin(Stage.ENCODE)).toList();
        List<Span> spans = batch.stream().map(this::encodeSpan).toList();
        boolean succeeded = false;
        long start = clock.nanoTime();
        try {
            List<CachedTensor> features = tileRunner.run(batch);
            succeeded = true;
            return features;
        } finally {
            boolean counted = succeeded;
            stages.forEach(stage -> stage.end(counted));
            spans.forEach(Span::end);
            countAbandoned(batch, start, clock.nanoTime());
            batch.forEach(image -> image.pixels().close());
        }
    }

    private Span encodeSpan(PreparedImage image) {
        return tracing.begin(Stage.ENCODE, image.job().trace());
    }

    /** The time of a batch belongs to its images by their tiles. */
    private void countAbandoned(List<PreparedImage> batch, long start, long end) {
        long tiles = batch.stream().mapToInt(PreparedImage::tiles).sum();
        for (PreparedImage image : batch) {
            long late = image.job().departure().within(start, end);
            metrics.abandoned().spent(Stage.ENCODE, late * image.tiles() / tiles);
        }
    }

    private void drop(EncodeJob job) {
        load.dropped();
        job.drop();
    }

    private void refuse(EncodeJob job, Failure failure) {
        load.dropped();
        job.fail(failure);
    }

    /**
     * Refuses waiting images and waits until the engine ends its run.
     *
     * @throws IllegalStateException if the run does not end, in which case the model must not be closed
     */
    @Override
    public void close() {
        preprocessing.shutdownNow();
        waiting.clear().forEach(job -> refuse(job, STOPPING));
        for (PreparedImage image : ready.close()) {
            image.pixels().close();
            refuse(image.job(), STOPPING);
        }
        try {
            if (!preprocessing.awaitTermination(LONGEST_RUN.toNanos(), TimeUnit.NANOSECONDS)
                    || !engine.join(LONGEST_RUN)) {
                throw new IllegalStateException("the engine still runs");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the engine runs", e);
        }
    }
}
