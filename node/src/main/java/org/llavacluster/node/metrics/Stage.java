package org.llavacluster.node.metrics;

import java.util.Locale;

/** Stages of a request whose time is measured. */
public enum Stage {
    /** A request of the public API, from its validation until it has a place at a decoder. */
    QUEUE,
    /** The file of one image, decoded to its pixels. */
    DECODE_PIXELS,
    /** The pixels of one image, made into the values of its tiles. */
    PREPROCESS,
    /** One image through CLIP. */
    ENCODE,
    /** A projector node's pull of features from a vision node. */
    PULL_FEATURES,
    /** One image's features through the projector. */
    PROJECT,
    /** A decoder node's pull of embeddings from a projector node. */
    PULL_EMBEDDINGS,
    /** One step with prompt rows. */
    PREFILL,
    /** One step that produced tokens. */
    DECODE_STEP,
    /** A request of the public API, from its arrival to its end. */
    REQUEST;

    /** Whether a worker computes in this stage, so that work in it can be in vain. */
    public boolean computes() {
        return switch (this) {
            case DECODE_PIXELS, PREPROCESS, ENCODE, PROJECT, PREFILL, DECODE_STEP -> true;
            case QUEUE, PULL_FEATURES, PULL_EMBEDDINGS, REQUEST -> false;
        };
    }

    /** The value of the metrics label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
