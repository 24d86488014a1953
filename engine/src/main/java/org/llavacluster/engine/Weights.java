package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;

/** Where a backend reads the weights of a program from, by the names that the program gives them. */
public interface Weights {

    /**
     * The weight of that name.
     *
     * @throws IllegalArgumentException if there is none
     */
    Weight get(String name);

    /**
     * One weight as stored: little-endian, row-major.
     *
     * @param dtype {@link DType#F32}, {@link DType#F16} or {@link DType#BF16}; the backend converts to what it computes in
     */
    record Weight(String name, DType dtype, long[] shape, MemorySegment bytes) {}
}
