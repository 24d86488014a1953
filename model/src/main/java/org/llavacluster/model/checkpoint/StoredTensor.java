package org.llavacluster.model.checkpoint;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * A tensor as a file holds it.
 *
 * @param file for messages
 * @param name in the file
 * @param dtype as the file writes it, of any kind
 * @param bytes mapped, little-endian, row-major
 */
record StoredTensor(String file, String name, String dtype, long[] shape, MemorySegment bytes) {

    /** Name and shape, as messages list them. */
    String described() {
        return name + " " + Arrays.toString(shape);
    }
}
