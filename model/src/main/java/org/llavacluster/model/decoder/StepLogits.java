package org.llavacluster.model.decoder;

import java.lang.foreign.MemorySegment;

/** The logits of one step; closing frees them. */
public interface StepLogits extends AutoCloseable {

    /** Number of sequences that asked for logits. */
    int count();

    /** Logits per sequence. */
    int vocabulary();

    /**
     * The logits of the i-th sequence that asked for them: {@link #vocabulary()} little-endian floats, valid until
     * closed.
     */
    MemorySegment row(int i);

    @Override
    void close();
}
