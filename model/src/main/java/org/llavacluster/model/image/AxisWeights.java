package org.llavacluster.model.image;

/**
 * The weight of each input pixel in an output pixel along one axis: Pillow's bicubic filter (Keys, a = -0.5), widened
 * where it shrinks the image, in fixed point. Only a window of the outputs is computed.
 *
 * @param first for each output the first input that counts, {@code [outputs]}; never decreases
 * @param count for each output how many inputs count, {@code [outputs]}
 * @param weights {@code [outputs, widest]}, sum 1 in units of 2^-{@value #PRECISION_BITS}
 * @param widest the largest count
 */
record AxisWeights(int[] first, int[] count, int[] weights, int widest) {

    /** 32 bits minus 8 for the pixel and 2 for sums beyond a pixel's range. */
    static final int PRECISION_BITS = 32 - 8 - 2;

    /** Added to a weighted sum so that truncation rounds. */
    static final int HALF = 1 << (PRECISION_BITS - 1);

    private static final double SUPPORT = 2;
    private static final double A = -0.5;

    /** The weights of outputs {@code [from, from + outputs)} when {@code inputs} pixels become {@code resized}. */
    static AxisWeights of(int inputs, int resized, int from, int outputs) {
        return inputs == resized ? copying(from, outputs) : filtering(inputs, resized, from, outputs);
    }

    int outputs() {
        return first.length;
    }

    /** One past the last input that counts for an output. */
    int end(int output) {
        return first[output] + count[output];
    }

    private static AxisWeights copying(int from, int outputs) {
        int[] first = new int[outputs];
        int[] count = new int[outputs];
        int[] weights = new int[outputs];
        for (int i = 0; i < outputs; i++) {
            first[i] = from + i;
            count[i] = 1;
            weights[i] = 1 << PRECISION_BITS;
        }
        return new AxisWeights(first, count, weights, 1);
    }

    private static AxisWeights filtering(int inputs, int resized, int from, int outputs) {
        double scale = (double) inputs / resized;
        double stretch = Math.max(scale, 1);
        double support = SUPPORT * stretch;
        double shrink = 1 / stretch;
        int widest = (int) Math.ceil(support) * 2 + 1;
        int[] first = new int[outputs];
        int[] count = new int[outputs];
        int[] weights = new int[Math.multiplyExact(outputs, widest)];
        double[] exact = new double[widest];
        for (int i = 0; i < outputs; i++) {
            double centre = (from + i + 0.5) * scale;
            int start = Math.max(0, (int) (centre - support + 0.5));
            int size = Math.min(inputs, (int) (centre + support + 0.5)) - start;
            double sum = 0;
            for (int k = 0; k < size; k++) {
                exact[k] = cubic((k + start - centre + 0.5) * shrink);
                sum += exact[k];
            }
            for (int k = 0; k < size; k++) {
                weights[i * widest + k] = fixed(sum == 0 ? exact[k] : exact[k] / sum);
            }
            first[i] = start;
            count[i] = size;
        }
        return new AxisWeights(first, count, weights, widest);
    }

    private static double cubic(double distance) {
        double x = Math.abs(distance);
        if (x < 1) {
            return ((A + 2) * x - (A + 3)) * x * x + 1;
        }
        return x < 2 ? (((x - 5) * x + 8) * x - 4) * A : 0;
    }

    /** Rounded half away from zero. */
    private static int fixed(double weight) {
        double scaled = weight * (1 << PRECISION_BITS);
        return (int) (scaled < 0 ? scaled - 0.5 : scaled + 0.5);
    }
}
