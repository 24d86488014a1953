package org.llavacluster.decoder.generate;

import io.grpc.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.tensor.TensorPull;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.Source;

/**
 * Fetches the embeddings of one call's images, all at the same time. If a projector cannot be reached, or neither has
 * embeddings nor can compute them, this asks the gateway for another source and waits for its answer, both within
 * bounds. All methods run on the call's serial executor.
 */
final class ImageFetches {

    /** Longest time for the gateway to encode again. */
    private static final Duration SOURCE_WITHIN = Duration.ofSeconds(60);

    /** Embeddings that are still missing after this many answers of the gateway are given up. */
    private static final int MAX_ASKED = 8;

    /** Receives events, on the serial executor. */
    interface Listener {

        /** The listener owns the tensor. */
        void arrived(int image, int attempt, HostTensor tensor);

        /**
         * @param unreachable whether a node could not be reached, rather than that none has the embeddings
         */
        void missing(ImageReference image, boolean unreachable);

        void failed(Failure failure);
    }

    /** One image being fetched: either pulled, or waiting for the gateway. */
    private static final class Fetch {
        final int attempt;
        TensorPull pull; // null while waiting
        ScheduledFuture<?> patience; // null while pulling
        Failure failure; // why it waits; null if no node has the embeddings

        Fetch(int attempt) {
            this.attempt = attempt;
        }

        boolean isWaiting() {
            return patience != null;
        }

        void stop() {
            if (pull != null) {
                pull.cancel();
            }
            if (patience != null) {
                patience.cancel(false);
            }
        }
    }

    private final ImageReference[] images; // with the newest sources
    private final Fetch[] fetches; // null if no fetch is in progress
    private final int[] asked; // how often the gateway was asked for each image
    private final EmbeddingPuller puller;
    private final Deadline deadline;
    private final Executor serial;
    private final ScheduledExecutorService timers;
    private final Listener listener;
    private boolean noMoreSources;

    ImageFetches(
            List<ImageReference> images,
            EmbeddingPuller puller,
            Deadline deadline,
            Executor serial,
            ScheduledExecutorService timers,
            Listener listener) {
        this.images = images.toArray(ImageReference[]::new);
        this.fetches = new Fetch[this.images.length];
        this.asked = new int[this.images.length];
        this.puller = puller;
        this.deadline = deadline;
        this.serial = serial;
        this.timers = timers;
        this.listener = listener;
    }

    void fetch(int image, int attempt) {
        stop(image);
        fetches[image] = new Fetch(attempt);
        pull(image);
    }

    /** Ends the fetch of the image, if any. */
    void stop(int image) {
        Fetch fetch = fetches[image];
        fetches[image] = null;
        if (fetch != null) {
            fetch.stop();
        }
    }

    void stopAll() {
        for (int image = 0; image < fetches.length; image++) {
            stop(image);
        }
    }

    /** The gateway's answer, or its word that a node was lost: a pull from other nodes begins anew. */
    void source(Source source) {
        for (int image = 0; image < images.length; image++) {
            if (!images[image].getEmbeddingKey().equals(source.getEmbeddingKey())) {
                continue;
            }
            boolean elsewhere = !images[image].getVisionNode().equals(source.getVisionNode())
                    || !images[image].getProjectorNode().equals(source.getProjectorNode());
            images[image] = images[image].toBuilder()
                    .setVisionNode(source.getVisionNode())
                    .setProjectorNode(source.getProjectorNode())
                    .build();
            if (fetches[image] != null && (elsewhere || isWaiting(image))) {
                fetch(image, fetches[image].attempt);
            }
        }
    }

    /** The gateway will send no more answers. */
    void noMoreSources() {
        noMoreSources = true;
        for (int image = 0; image < images.length; image++) {
            if (isWaiting(image)) {
                giveUp(image);
            }
        }
    }

    private boolean isWaiting(int image) {
        return fetches[image] != null && fetches[image].isWaiting();
    }

    private void pull(int image) {
        Fetch fetch = fetches[image];
        try {
            fetch.pull =
                    puller.pull(images[image], deadline, result -> serial.execute(() -> end(image, fetch, result)));
        } catch (FailureException noSuchNode) {
            lost(image, fetch, noSuchNode.failure());
        }
    }

    /** The image cannot be fetched there: the gateway knows which nodes are left. */
    private void lost(int image, Fetch fetch, Failure failure) {
        fetch.pull = null;
        fetch.failure = failure;
        if (failure instanceof Failure.Unavailable) {
            ask(image, fetch);
        } else {
            fail(image, failure);
        }
    }

    private void end(int image, Fetch fetch, EmbeddingPuller.Result result) {
        boolean wanted = fetches[image] == fetch;
        switch (result) {
            case EmbeddingPuller.Result.Arrived(HostTensor tensor) -> {
                if (wanted) {
                    fetches[image] = null;
                    listener.arrived(image, fetch.attempt, tensor);
                } else {
                    tensor.close();
                }
            }
            case EmbeddingPuller.Result.Nowhere() -> {
                if (wanted) {
                    fetch.pull = null;
                    ask(image, fetch);
                }
            }
            case EmbeddingPuller.Result.Failed(Failure failure) -> {
                if (wanted) {
                    lost(image, fetch, failure);
                }
            }
        }
    }

    private void ask(int image, Fetch fetch) {
        if (noMoreSources || asked[image] == MAX_ASKED) {
            giveUp(image);
            return;
        }
        boolean askedAlready = false;
        for (int other = 0; other < images.length; other++) {
            askedAlready |= isWaiting(other) && images[other].getEmbeddingKey().equals(images[image].getEmbeddingKey());
        }
        asked[image]++;
        fetch.patience = timers.schedule(
                () -> serial.execute(() -> {
                    if (fetches[image] == fetch && fetch.isWaiting()) {
                        giveUp(image);
                    }
                }),
                SOURCE_WITHIN.toNanos(),
                TimeUnit.NANOSECONDS);
        if (!askedAlready) {
            listener.missing(images[image], fetch.failure != null);
        }
    }

    private void giveUp(int image) {
        Failure failure = fetches[image].failure;
        if (failure != null) {
            fail(image, failure);
            return;
        }
        fail(
                image,
                new Failure.Unavailable("the embeddings of image " + image + " are missing after " + asked[image]
                        + " requests to encode the image again"));
    }

    private void fail(int image, Failure failure) {
        stop(image);
        listener.failed(failure);
    }
}
