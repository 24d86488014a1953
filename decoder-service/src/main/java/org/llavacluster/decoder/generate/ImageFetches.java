package org.llavacluster.decoder.generate;

import io.grpc.Context;
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
 * Fetches the embeddings of one call's images, all at the same time. If a projector neither has embeddings nor can
 * compute them, this asks the gateway to encode the image again and waits for its answer, both within bounds. All
 * methods run on the call's serial executor.
 */
final class ImageFetches {

    /** Longest time for the gateway to encode again. */
    private static final Duration SOURCE_WITHIN = Duration.ofSeconds(60);

    /** The attempt of a sequence that was never preempted. */
    private static final int FIRST_ATTEMPT = 1;

    /** How long to wait for a projector that is absent, and how often to look for it. */
    private static final Duration BACK_WITHIN = Duration.ofSeconds(60);

    private static final Duration LOOK_EVERY = Duration.ofMillis(500);

    /** Embeddings that are still missing after this many encodings are given up. */
    private static final int MAX_ASKED = 3;

    /** Receives events, on the serial executor. */
    interface Listener {

        /** The listener owns the tensor. */
        void arrived(int image, int attempt, HostTensor tensor);

        void missing(ImageReference image);

        void failed(Failure failure);
    }

    /** One image being fetched: either pulled, or waiting for the gateway. */
    private static final class Fetch {
        final int attempt;
        TensorPull pull; // null while waiting
        ScheduledFuture<?> patience; // null while pulling
        ScheduledFuture<?> nextLook; // null unless the projector is absent
        int looks; // for an absent projector

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
            if (nextLook != null) {
                nextLook.cancel(false);
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

    /** The gateway's answer. It is ignored if no fetch waits for it, because it may be late. */
    void source(Source source) {
        for (int image = 0; image < images.length; image++) {
            if (isWaiting(image) && images[image].getEmbeddingKey().equals(source.getEmbeddingKey())) {
                images[image] = images[image].toBuilder()
                        .setVisionNode(source.getVisionNode())
                        .setProjectorNode(source.getProjectorNode())
                        .build();
                fetches[image].patience.cancel(false);
                fetches[image].patience = null;
                pull(image);
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

    /**
     * Called when the image cannot be fetched at present. A preempted sequence has sent tokens, which would all be
     * lost, so it waits for the projector, or for the vision node behind it, to return. A sequence that has not begun
     * fails at once, and its caller tries again.
     */
    private void lost(int image, Fetch fetch, Failure failure) {
        boolean wait = fetch.attempt > FIRST_ATTEMPT
                && failure instanceof Failure.Unavailable
                && LOOK_EVERY.multipliedBy(fetch.looks).compareTo(BACK_WITHIN) < 0;
        if (!wait) {
            fail(image, failure);
            return;
        }
        fetch.looks++;
        fetch.pull = null;
        Runnable look = Context.current().wrap(() -> {
            if (fetches[image] == fetch) {
                fetch.nextLook = null;
                pull(image);
            }
        });
        fetch.nextLook = timers.schedule(() -> serial.execute(look), LOOK_EVERY.toNanos(), TimeUnit.NANOSECONDS);
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
            listener.missing(images[image]);
        }
    }

    private void giveUp(int image) {
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
