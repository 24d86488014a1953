package org.llavacluster.decoder.loop;

import java.util.Arrays;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.model.sampling.Sampled;

/** The loop's state of a request until it ends. Used on the loop's thread only. */
final class LoopRequest {

    final Generation generation;
    final GenerationListener listener;
    final long submittedNanos;

    private final HostTensor[] images; // [rows, hidden] each; null until arrived
    private final int[] attempts; // attempt that each image is needed for; 0 if not needed
    private int[] history; // prompt ids, then generated ones; historyLength are valid
    private int historyLength;
    private int generated;
    private Sampled sampled; // the newest

    LoopRequest(Generation generation, GenerationListener listener, long submittedNanos) {
        this.generation = generation;
        this.listener = listener;
        this.submittedNanos = submittedNanos;
        this.images = new HostTensor[generation.prompt().images()];
        this.attempts = new int[images.length];
        int[] promptIds = generation.promptIds();
        this.generated = generation.produced().length;
        this.historyLength = promptIds.length + generated;
        this.history = Arrays.copyOf(promptIds, historyLength + Math.min(generation.maxTokens(), 64));
        System.arraycopy(generation.produced(), 0, history, promptIds.length, generated);
    }

    void want(int image, int attempt) {
        attempts[image] = attempt;
    }

    /** Takes ownership of the tensor if it is needed for that attempt. */
    boolean put(int image, int attempt, HostTensor tensor) {
        if (attempts[image] != attempt || images[image] != null) {
            return false;
        }
        images[image] = tensor;
        return true;
    }

    HostTensor image(int image) {
        return images[image];
    }

    void free(int image) {
        attempts[image] = 0;
        if (images[image] != null) {
            images[image].close();
            images[image] = null;
        }
    }

    void freeAll() {
        for (int image = 0; image < images.length; image++) {
            free(image);
        }
    }

    /** Index of the next token among the generated ones. */
    int generated() {
        return generated;
    }

    int[] history() {
        return history;
    }

    int historyLength() {
        return historyLength;
    }

    void sampled(Sampled token) {
        sampled = token;
    }

    int sampledId() {
        return sampled.id();
    }

    /** Appends the newest sample to the answer. */
    Sampled accept() {
        if (historyLength == history.length) {
            history = Arrays.copyOf(history, 2 * historyLength);
        }
        history[historyLength++] = sampled.id();
        generated++;
        return sampled;
    }
}
