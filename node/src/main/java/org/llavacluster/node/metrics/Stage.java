package org.llavacluster.node.metrics;

import java.util.Locale;

/** Where the time of a request goes. */
public enum Stage {
    /** One image through CLIP. */
    ENCODE,
    /** Features from a vision node, by a projector node. */
    PULL_FEATURES,
    /** One image's features through the projection layer. */
    PROJECT,
    /** Embeddings from a projector node, by a decoder node. */
    PULL_EMBEDDINGS,
    /** One step that read prompt rows. */
    PREFILL,
    /** One step that produced tokens. */
    DECODE_STEP,
    /** A request of the public API, from its arrival to its end. */
    REQUEST;

    /** The value of the label. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
