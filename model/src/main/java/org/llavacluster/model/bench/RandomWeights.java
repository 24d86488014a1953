package org.llavacluster.model.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;

/**
 * Weights generated on request, the same each time: bfloat16 matrices scaled by their columns, so that activations
 * neither vanish nor grow, and vectors of ones.
 */
final class RandomWeights implements Weights {

    /** The stored element type. */
    static final DType STORED = DType.BF16;

    private static final int PATTERN = 1 << 20;

    private final Map<String, long[]> shapes = new HashMap<>();

    RandomWeights(List<Program> programs) {
        for (Program program : programs) {
            for (Op.Weight weight : program.weights()) {
                shapes.put(
                        weight.name(),
                        weight.shape().stream().mapToLong(Long::longValue).toArray());
            }
        }
    }

    @Override
    public Weight get(String name) {
        long[] shape = shapes.get(name);
        if (shape == null) {
            throw new IllegalArgumentException("no weight " + name);
        }
        long elements = HostTensor.elements(shape);
        // Freed with the weight, because a load asks for one after the other.
        MemorySegment bytes = Arena.ofAuto().allocate(elements * Short.BYTES, 64);
        short[] pattern = shape.length == 1 ? ones() : normal(name.hashCode(), Math.sqrt((double) shape[0] / elements));
        for (long at = 0; at < elements; at += PATTERN) {
            int count = (int) Math.min(PATTERN, elements - at);
            MemorySegment.copy(pattern, 0, bytes, ValueLayout.JAVA_SHORT, at * Short.BYTES, count);
        }
        return new Weight(name, STORED, shape, bytes);
    }

    @Override
    public DType dtype(String name) {
        return STORED;
    }

    private static short[] normal(long seed, double scale) {
        Random random = new Random(seed);
        short[] values = new short[PATTERN];
        for (int i = 0; i < PATTERN; i++) {
            // Uniform with a deviation of 1, which takes a fifth of the time of a normal distribution.
            double even = (random.nextFloat() - 0.5) * Math.sqrt(12);
            values[i] = FloatConversion.narrow(STORED, (float) (even * scale));
        }
        return values;
    }

    private static short[] ones() {
        short[] values = new short[PATTERN];
        Arrays.fill(values, FloatConversion.narrow(STORED, 1f));
        return values;
    }
}
