package org.llavacluster.node.metrics;

import java.util.Locale;

/** Stages of a request whose time is measured. */
public enum Stage {
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

    /** The value of the metrics label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
