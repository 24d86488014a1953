package org.llavacluster.training.foundation;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.program.Op;

/** Values that weights start with: scales of norms 1, biases 0, and all others random, as in CLIP and LLaMA. */
public final class FirstWeights {

    private static final double DEVIATION = 0.02;

    private FirstWeights() {}

    /** The values of a weight, in its order. */
    public static float[] of(Op.Weight weight, RandomGenerator random) {
        long[] shape = weight.shape().stream().mapToLong(Long::longValue).toArray();
        float[] values = new float[Math.toIntExact(HostTensor.elements(shape))];
        if (weight.name().endsWith(".bias")) {
            return values;
        }
        if (shape.length == 1 && weight.name().endsWith(".weight")) {
            Arrays.fill(values, 1);
            return values;
        }
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (DEVIATION * random.nextGaussian());
        }
        return values;
    }
}
