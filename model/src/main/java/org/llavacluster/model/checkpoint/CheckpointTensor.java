package org.llavacluster.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor as a file holds it.
 *
 * @param source the file
 * @param offset of its bytes among those of the file's tensors
 * @param name in the file
 * @param dtype as the file writes it, of any kind
 * @param bytes mapped, little-endian, row-major
 */
record CheckpointTensor(WeightFile source, long offset, String name, String dtype, long[] shape, MemorySegment bytes) {

    /** The file, for messages. */
    String file() {
        return source.label();
    }

    /** Name and shape, as messages list them. */
    String described() {
        return name + " " + Arrays.toString(shape);
    }
}
