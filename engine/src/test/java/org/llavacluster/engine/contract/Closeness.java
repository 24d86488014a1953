package org.llavacluster.engine.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.llavacluster.engine.HostTensor;

/** Compares tensors by the largest difference over the largest expected value. */
public final class Closeness {

    private Closeness() {}

    public static void assertClose(String what, HostTensor actual, HostTensor expected, double tolerance) {
        assertThat(actual.shape()).as(what).isEqualTo(expected.shape());
        assertThat(actual.dtype()).as(what).isEqualTo(expected.dtype());
        assertClose(what, actual.toFloats(), expected.toFloats(), tolerance);
    }

    public static void assertClose(String what, float[] actual, float[] expected, double tolerance) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        double scale = 1e-30;
        for (float value : expected) {
            scale = Math.max(scale, Math.abs(value));
        }
        double worst = 0;
        for (int i = 0; i < actual.length; i++) {
            double difference = Math.abs((double) actual[i] - expected[i]) / scale;
            worst = Double.isNaN(difference) ? Double.POSITIVE_INFINITY : Math.max(worst, difference);
        }
        assertThat(worst).as("%s: largest difference over largest value", what).isLessThanOrEqualTo(tolerance);
    }
}
