package org.llavacluster.model.decoder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.modelio.config.RopeConfig;
import org.llavacluster.modelio.config.RopeConfig.Scaling;

/** Compares with {@code ROPE_INIT_FUNCTIONS} of transformers 5.18 for the same parameters. */
class RotaryFrequenciesTest {

    static Stream<Arguments> references() {
        OptionalDouble none = OptionalDouble.empty();
        return Stream.of(
                reference(
                        10_000,
                        new Scaling.Linear(4),
                        1,
                        "0.25 0.07905694097280502 0.02500000037252903 0.007905694656074047 0.0024999999441206455"
                                + " 0.0007905694656074047 0.0002500000118743628 7.905694656074047e-05"),
                reference(
                        500_000,
                        new Scaling.Llama3(8, 1, 4, 8192),
                        1,
                        "1.0 0.193922758102417 0.03760603070259094 0.00729266507551074 0.0005248460220173001"
                                + " 3.428102354519069e-05 6.647869668086059e-06 1.289173155782919e-06"),
                reference(
                        10_000,
                        new Scaling.Yarn(32, 32, 1, 4096, none, true),
                        1.3465735902799727,
                        "1.0"
                                + " 0.3162277638912201 0.10000000149011612 0.023964136838912964 0.005156249739229679"
                                + " 0.0008646853384561837 3.125000148429535e-05 9.882118320092559e-06"),
                reference(
                        1_000_000,
                        new Scaling.Yarn(32, 16, 2, 4096, OptionalDouble.of(1.5), false),
                        1.5,
                        "1.0"
                                + " 0.17782793939113617 0.03162277862429619 0.0017631242517381907 3.125000148429535e-05"
                                + " 5.557123131438857e-06 9.882116955850506e-07 1.7573167099271814e-07"),
                reference(
                        10_000,
                        new Scaling.Yarn(1, 32, 1, 4096, none, true),
                        1,
                        "1.0 0.3162277638912201"
                                + " 0.10000000149011612 0.03162277862429619 0.009999999776482582 0.003162277862429619"
                                + " 0.0010000000474974513 0.0003162277862429619"),
                // Fast and slow are the same dimension: a ramp of width 0.
                reference(
                        10_000,
                        new Scaling.Yarn(2, 32, 32, 8, none, true),
                        1.0693147180559945,
                        "1.0" + " 0.004999999888241291"));
    }

    @ParameterizedTest
    @MethodSource("references")
    void shouldTurnAsTheReferenceDoes(RopeConfig rope, double scale, float[] frequencies) {
        RotaryFrequencies rotation = RotaryFrequencies.of(rope, 2 * frequencies.length);
        assertThat(rotation.scale()).isCloseTo((float) scale, within(1e-7f));
        assertThat(rotation.frequencies()).hasSize(frequencies.length);
        for (int i = 0; i < frequencies.length; i++) {
            // A few units in the last place, because the reference rounds after each operation.
            float tolerance = 4 * Math.ulp(frequencies[i]);
            assertThat(rotation.frequencies().get(i)).as("pair %s", i).isCloseTo(frequencies[i], within(tolerance));
        }
    }

    @Test
    void shouldTurnTheFirstPairByOneRadianPerPosition() {
        RotaryFrequencies rotation = RotaryFrequencies.of(new RopeConfig(10_000, new Scaling.None()), 128);
        assertThat(rotation.frequencies().getFirst()).isEqualTo(1f);
        assertThat(rotation.frequencies().get(32)).isCloseTo(0.01f, within(1e-9f));
        assertThat(rotation.scale()).isEqualTo(1f);
    }

    private static Arguments reference(double theta, Scaling scaling, double scale, String frequencies) {
        String[] written = frequencies.split(" ");
        float[] values = new float[written.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(written[i]);
        }
        return Arguments.of(new RopeConfig(theta, scaling), scale, values);
    }
}
