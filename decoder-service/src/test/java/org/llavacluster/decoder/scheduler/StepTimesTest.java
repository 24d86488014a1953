package org.llavacluster.decoder.scheduler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Percentage.withPercentage;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** On machines whose steps take {@code FIXED + PER_ROW * rows}, and steps of streams alone {@code DECODE}. */
class StepTimesTest {

    private static final double MILLIS = 1e6;
    private static final double FIXED = 120 * MILLIS;
    private static final double PER_ROW = 6 * MILLIS;
    private static final double DECODE = 90 * MILLIS;
    private static final int STREAMS = 4;
    private static final int CHUNK = 256;
    private static final int UNKNOWN = 16;

    private final StepTimes times = new StepTimes(CHUNK);

    @Test
    void shouldKnowNothingBeforeTheFirstPrompt() {
        decode(1);
        assertThat(within(500)).isEqualTo(UNKNOWN);
        assertThat(times.prefillRowsPerSecond()).isZero();
    }

    @Test
    void shouldTellTheFixedCostFromThatOfARow() {
        decode(1);
        for (int rows : new int[] {64, 200, 32, 120, 90, 160, 100}) {
            beside(rows, 1);
        }
        // Beside 4 streams rows add 120 + 4 * 6 - 90 = 54 ms and 6 ms each.
        assertThat(within(200)).isBetween(23, 25);
        assertThat(within(500)).isBetween(72, 76);
        assertThat(within(1_000)).isBetween(152, 160);
        assertThat(within(50)).isZero();
        assertThat(times.prefillRowsPerSecond()).isCloseTo(CHUNK / (0.120 + CHUNK * 0.006), withPercentage(3));
    }

    @Test
    void shouldLearnFromStepsWithoutStreamsToo() {
        decode(1);
        for (int rows : new int[] {256, 256, 79, 256, 15}) {
            alone(rows, 1);
        }
        assertThat(within(500)).isBetween(72, 76);
    }

    @Test
    void shouldKeepToTheTimeInSpiteOfNoise() {
        long seed = 20261124;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        decode(1);
        int rows = UNKNOWN;
        int tries = 0;
        int near = 0;
        for (int step = 0; step < 400; step++) {
            beside(rows, Math.exp(0.05 * random.nextGaussian()));
            rows = Math.clamp(within(500), UNKNOWN, CHUNK);
            if (step >= 20) {
                tries++;
                near += Math.abs(added(rows) - 500 * MILLIS) < 75 * MILLIS ? 1 : 0;
            }
        }
        assertThat(near).isGreaterThan(tries * 9 / 10);
    }

    /** The first rows of a prompt are computed while its image is encoded, and its last step has the rest. */
    @Test
    void shouldKeepToTheTimeThroughWholePrompts() {
        long seed = 591;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int millis : new int[] {200, 500, 1_000, 2_000}) {
            decode(1);
            int wanted = (int) Math.min(CHUNK, (millis * MILLIS - added(0)) / PER_ROW);
            int steps = 0;
            int near = 0;
            for (int prompt = 0; prompt < 40; prompt++) {
                beside(8, 1 + random.nextDouble());
                for (int left = 583; left > 0; ) {
                    int rows = Math.clamp(within(millis), UNKNOWN, CHUNK);
                    if (prompt > 1) {
                        steps++;
                        near += Math.abs(rows - wanted) < wanted / 4.0 ? 1 : 0;
                    }
                    beside(Math.min(rows, left), Math.exp(0.05 * random.nextGaussian()));
                    left -= rows;
                }
            }
            assertThat(near)
                    .as("%s ms: of %s steps, near %s rows", millis, steps, wanted)
                    .isGreaterThan(steps * 9 / 10);
        }
    }

    @Test
    void shouldReachTheRightSizeFromTheSmallestOne() {
        decode(1);
        assertThat(settled(500, 8)).isBetween(72, 76);
        assertThat(settled(1_000, 8)).isBetween(152, 160);
    }

    @Test
    void shouldFollowAMachineThatBecomesSlower() {
        decode(1);
        settled(500, 10);
        decode(2);
        int rows = UNKNOWN;
        for (int step = 0; step < 25; step++) {
            rows = Math.max(UNKNOWN, within(500));
            beside(rows, 2);
        }
        // 2 * 54 + 2 * 6 * rows = 500
        assertThat(rows).isBetween(29, 37);
    }

    @Test
    void shouldForgetTheFirstStepsOfColdCode() {
        decode(1);
        for (double slowness : new double[] {12, 8, 5}) {
            alone(256, slowness);
        }
        for (int rows : new int[] {256, 256, 79, 256, 256, 79}) {
            alone(rows, 1);
        }
        assertThat(within(500)).isBetween(60, 80);
    }

    @Test
    void shouldNotBeThrownByOneSlowStep() {
        decode(1);
        int before = settled(500, 12);
        beside(before, 10);
        assertThat(within(500)).isCloseTo(before, withPercentage(15));
    }

    @Test
    void shouldTakeStepsOfOneSizeForALineThroughTheOrigin() {
        for (int step = 0; step < 200; step++) {
            times.record(step(100, 0), Math.round(300 * MILLIS));
        }
        assertThat(within(150)).isBetween(49, 50);
        assertThat(times.prefillRowsPerSecond()).isCloseTo(100 / 0.3, withPercentage(0.1));
    }

    @Test
    void shouldNotBelieveThatRowsAreFree() {
        decode(1);
        // Noise: the larger step took less.
        times.record(step(16, STREAMS), Math.round(230 * MILLIS));
        times.record(step(32, STREAMS), Math.round(200 * MILLIS));
        assertThat(within(500)).isBetween(UNKNOWN, 4 * (32 + STREAMS));
        assertThat(times.prefillRowsPerSecond()).isPositive().isFinite();
    }

    @Test
    void shouldNeverSayNonsenseWhateverTheTimes() {
        long seed = 77;
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int step = 0; step < 5_000; step++) {
            int rows = 1 + random.nextInt(CHUNK);
            long nanos = (long) Math.pow(10, 12 * random.nextDouble()) - 1;
            times.record(step(random.nextBoolean() ? rows : 0, 1 + random.nextInt(STREAMS)), nanos);
            assertThat(within(1 + random.nextInt(2_000))).isBetween(0, 4 * (CHUNK + STREAMS));
            assertThat(times.prefillRowsPerSecond()).isNotNaN().isFinite().isNotNegative();
        }
    }

    /** The size of the last of many steps that are as large as the time allows. */
    private int settled(int millis, int steps) {
        int rows = UNKNOWN;
        for (int step = 0; step < steps; step++) {
            beside(rows, 1);
            rows = Math.clamp(within(millis), UNKNOWN, CHUNK);
        }
        return rows;
    }

    private int within(int millis) {
        return times.rowsWithin(Math.round(millis * MILLIS), STREAMS, UNKNOWN);
    }

    private static double added(int rows) {
        return FIXED + PER_ROW * (rows + STREAMS) - DECODE;
    }

    private void decode(double slowness) {
        for (int i = 0; i < 20; i++) {
            times.record(step(0, STREAMS), Math.round(slowness * DECODE));
        }
    }

    /** A step of that many prompt rows beside the streams. */
    private void beside(int rows, double slowness) {
        times.record(step(rows, STREAMS), Math.round(slowness * (FIXED + PER_ROW * (rows + STREAMS))));
    }

    private void alone(int rows, double slowness) {
        times.record(step(rows, 0), Math.round(slowness * (FIXED + PER_ROW * rows)));
    }

    private static Step step(int prefillRows, int decodeRows) {
        Step.Part prefill = new Step.Part(1, 0, prefillRows, new int[0], List.of(), false, true);
        Step.Part decode = new Step.Part(2, 0, decodeRows, new int[0], List.of(), true, false);
        return new Step(List.of(prefill, decode));
    }
}
