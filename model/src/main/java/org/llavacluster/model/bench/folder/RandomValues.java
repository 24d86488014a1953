package org.llavacluster.model.bench.folder;

import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.llavacluster.engine.FloatConversion;

/**
 * The values of one tensor, piece by piece: ones in the weights of norms, otherwise roughly normal with a deviation of
 * 0.02, the usual initialisation, which keeps activations in range over the layers. A tensor's values depend on the
 * seed and its name only.
 */
final class RandomValues {

    static final double DEVIATION = 0.02;

    /** The sum of four uniform 16-bit values has this mean; the other constant scales its deviation. */
    private static final int MEAN = 2 * 0xffff;

    private static final float SCALE = (float) (DEVIATION / (65_536 / Math.sqrt(3)));
    private static final String HEAD = "lm_head.weight";

    private final SplittableRandom random;
    private final boolean ones;

    /** Elements from this one to before {@code zerosTo} are zero. */
    private final long zerosFrom;

    private final long zerosTo;
    private long at;

    /**
     * @param endId the token that ends an answer. Its row of the head is zero, so its logit is 0 and greedy decoding,
     *     which always finds a larger one, generates as many tokens as requested
     */
    RandomValues(long seed, NamedShape tensor, int endId) {
        this.random =
                new SplittableRandom(seed * 0x9e3779b97f4a7c15L + tensor.name().hashCode());
        this.ones = tensor.name().contains("norm") && tensor.name().endsWith(".weight");
        boolean head = tensor.name().endsWith(HEAD);
        long columns = tensor.shape().getLast();
        this.zerosFrom = head ? endId * columns : -1;
        this.zerosTo = head ? zerosFrom + columns : -1;
    }

    /** Fills what remains of the buffer, little-endian, with the next values. */
    void fill(ByteBuffer buffer) {
        while (buffer.hasRemaining()) {
            buffer.putShort(FloatConversion.narrow(NamedShape.DTYPE, next()));
        }
    }

    private float next() {
        long index = at++;
        if (ones) {
            return 1;
        }
        long bits = random.nextLong();
        if (index >= zerosFrom && index < zerosTo) {
            return 0;
        }
        int sum = (int) (bits & 0xffff)
                + (int) (bits >>> 16 & 0xffff)
                + (int) (bits >>> 32 & 0xffff)
                + (int) (bits >>> 48);
        return (sum - MEAN) * SCALE;
    }
}
