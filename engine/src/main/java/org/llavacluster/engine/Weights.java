package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;
import java.util.Optional;

/** Where a backend reads the weights of a program from, by the names that the program gives them. */
public interface Weights {

    /**
     * The weight of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    Weight get(String name);

    /**
     * The stored type of a weight, if possible without reading its content.
     *
     * @throws IllegalArgumentException if there is none
     */
    default DType dtype(String name) {
        return get(name).dtype();
    }

    /** Digest of the content of all weights, in hexadecimal. Absent if nothing may be kept beyond this process. */
    default Optional<String> digest() {
        return Optional.empty();
    }

    /**
     * One weight as stored: little-endian, row-major.
     *
     * @param dtype {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}; the backend converts to what it computes in
     */
    record Weight(String name, DType dtype, long[] shape, MemorySegment bytes) {}
}
