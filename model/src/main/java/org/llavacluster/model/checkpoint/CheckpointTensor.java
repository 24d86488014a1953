package org.llavacluster.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor in a file.
 *
 * @param source the file
 * @param offset offset of its bytes among those of the file's tensors
 * @param name name in the file
 * @param dtype dtype as written in the file, supported or not
 * @param bytes mapped, little-endian, row-major
 */
record CheckpointTensor(WeightFile source, long offset, String name, String dtype, long[] shape, MemorySegment bytes) {

    /** The file's name for messages. */
    String file() {
        return source.label();
    }

    /** Name and shape for messages. */
    String described() {
        return name + " " + Arrays.toString(shape);
    }
}
