package org.llavacluster.model.decoder;

import java.lang.foreign.MemorySegment;

/** The logits of one step; closing frees them all. */
public interface StepLogits extends AutoCloseable {

    /** How many sequences wanted logits. */
    int count();

    /** Logits per sequence. */
    int vocabulary();

    /** The logits of the i-th of the sequences that wanted them: {@link #vocabulary()} little-endian floats, valid until closed. */
    MemorySegment row(int i);

    @Override
    void close();
}
