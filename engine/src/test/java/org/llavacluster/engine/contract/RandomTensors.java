package org.llavacluster.engine.contract;

import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Op;
import org.llavacluster.engine.program.Program;

/** Reproducible inputs and weights. */
public final class RandomTensors {

    private RandomTensors() {}

    /** Normally distributed values times {@code scale}. */
    public static HostTensor floats(Random random, double scale, long... shape) {
        float[] values = new float[Math.toIntExact(HostTensor.elements(shape))];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * scale);
        }
        return HostTensor.ofFloats(values, shape);
    }

    /** Evenly distributed values in {@code 0 .. limit - 1}. */
    public static HostTensor ints(Random random, int limit, long... shape) {
        int size = Math.toIntExact(HostTensor.elements(shape));
        return HostTensor.ofInts(random.ints(size, 0, limit).toArray(), shape);
    }

    /**
     * All weights of these programs: matrices scaled by their columns, vectors around 1. The same for the same seed.
     */
    public static Weights weights(long seed, DType dtype, Iterable<Program> programs) {
        Map<String, Weights.Weight> weights = new HashMap<>();
        Random random = new Random(seed);
        for (Program program : programs) {
            for (Op.Weight weight : program.weights()) {
                weights.computeIfAbsent(weight.name(), name -> weight(random, dtype, weight));
            }
        }
        return name -> {
            Weights.Weight weight = weights.get(name);
            if (weight == null) {
                throw new IllegalArgumentException("there is no weight " + name);
            }
            return weight;
        };
    }

    private static Weights.Weight weight(Random random, DType dtype, Op.Weight op) {
        long[] shape = op.shape().stream().mapToLong(Long::longValue).toArray();
        boolean vector = shape.length == 1;
        long columns = vector ? 1 : HostTensor.elements(shape) / shape[0];
        HostTensor values = floats(random, vector ? 0.2 : 1 / Math.sqrt(columns), shape);
        if (vector) {
            for (long i = 0; i < values.size(); i++) {
                values.bytes().setAtIndex(HostTensor.FLOAT, i, 1 + values.floatAt(i));
            }
        }
        HostTensor stored = HostTensor.heap(dtype, shape);
        FloatConversion.convert(DType.F32, values.bytes(), dtype, stored.bytes());
        return new Weights.Weight(op.name(), dtype, shape, stored.bytes());
    }

    /** Fitting inputs for a program: floats around 0, ids and indices below {@code indexLimit}. */
    public static Map<String, HostTensor> inputs(
            Random random, Program program, Map<String, Long> symbols, int indexLimit) {
        Map<String, HostTensor> inputs = new HashMap<>();
        for (Op op : program.ops()) {
            if (op instanceof Op.Input input) {
                long[] shape = input.shape().stream()
                        .mapToLong(dim -> dim.factor() * (dim.isFixed() ? 1 : symbols.get(dim.symbol())))
                        .toArray();
                inputs.put(
                        input.name(),
                        input.dtype() == DType.I32 ? ints(random, indexLimit, shape) : floats(random, 1.5, shape));
            }
        }
        return inputs;
    }
}
