package org.llavacluster.engine.simd.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The vector shapes that all kernels use: the width of the processor, at most one panel. No result depends on that
 * width, because a lane is an output column, a position or one of {@link #PANEL} partial sums, never part of a sum
 * across a vector.
 */
public final class Lanes {

    /** Columns of a panel, and partial sums of a reduction. */
    public static final int PANEL = 16;

    /** Vectors of floats. */
    public static final VectorSpecies<Float> FLOATS =
            FloatVector.SPECIES_PREFERRED.length() > PANEL ? FloatVector.SPECIES_512 : FloatVector.SPECIES_PREFERRED;

    /** Floats in a vector: 4, 8 or 16. */
    public static final int COUNT = FLOATS.length();

    /** Vectors of as many ints. */
    static final VectorSpecies<Integer> INTS = VectorSpecies.of(int.class, FLOATS.vectorShape());

    /** Vectors of as many bytes, at least eight: there is no vector of four. */
    static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, COUNT == PANEL ? VectorShape.S_128_BIT : VectorShape.S_64_BIT);

    /** Vectors of as many shorts. */
    static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(COUNT * Short.SIZE));

    private Lanes() {}
}
