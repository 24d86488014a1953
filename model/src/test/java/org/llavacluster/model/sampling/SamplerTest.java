package org.llavacluster.model.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;

class SamplerTest {

    private static final int[] NO_HISTORY = {};

    @Test
    void shouldTakeTheLowestIdOfEqualsWhenGreedy() {
        assertThat(greedy(1, 3, 2, 3)).isEqualTo(1);
        assertThat(greedy(-0f, 0f)).isZero();
        assertThat(greedy(Float.NEGATIVE_INFINITY, -5)).isEqualTo(1);
    }

    @Test
    void shouldPenaliseEachIdOfTheHistoryOnceWhateverItsSign() {
        SamplingParams params = new SamplingParams(0, 1, 0, 0, 2, 0, -1);
        // 4 / 2 falls behind 3; penalised only once, it stays before 1.9.
        assertThat(sample(params, new int[] {0, 0, 0}, 4, 1.9f, 1.9f, 1.9f).id())
                .isZero();
        assertThat(sample(params, new int[] {0}, 4, 3, 1, 1).id()).isEqualTo(1);
        assertThat(sample(params, new int[] {0}, -1, -1.5f).id()).isEqualTo(1);
        // Neither the placeholder of images nor ids beyond the vocabulary are tokens.
        assertThat(sample(params, new int[] {-200, 7}, 4, 3).id()).isZero();
    }

    @Test
    void shouldPenaliseBeyondTheRangeOfFloats() {
        SamplingParams params = new SamplingParams(1, 1, 0, 0, Float.MIN_VALUE, 4, -1);
        assertThat(sample(params, new int[] {1, 2}, 5, 1, Float.NEGATIVE_INFINITY)
                        .id())
                .isEqualTo(1);
    }

    private static SamplingParams greedyWith(LogitAdjustments adjustments) {
        return new SamplingParams(0, 1, 0, 0, 1, 0, -1, adjustments);
    }

    private static LogitAdjustments penalties(float presence, float frequency) {
        return new LogitAdjustments(presence, frequency, new int[0], new float[0], 0, new int[0]);
    }

    /** The last {@code index} ids of the history are generated ones. */
    private static int choose(LogitAdjustments adjustments, int[] history, int index, float... logits) {
        return new Sampler(logits.length)
                .sample(greedyWith(adjustments), segment(logits), history, history.length, index)
                .id();
    }

    @Test
    void shouldSubtractThePresencePenaltyOnceFromWhatWasGenerated() {
        assertThat(choose(penalties(1, 0), new int[] {0}, 1, 3, 2.5f)).isEqualTo(1);
        assertThat(choose(penalties(1, 0), new int[] {0, 0, 0}, 3, 3, 1.9f)).isZero();
        assertThat(choose(penalties(-1, 0), new int[] {1}, 1, 3, 2.5f)).isEqualTo(1);
        // The prompt's tokens do not count as generated.
        assertThat(choose(penalties(2, 2), new int[] {-200, 0, 0, 1}, 1, 3, 2.5f))
                .isZero();
    }

    @Test
    void shouldSubtractTheFrequencyPenaltyAsOftenAsATokenWasGenerated() {
        assertThat(choose(penalties(0, 0.5f), new int[] {0, 0}, 2, 3, 1.9f)).isZero();
        assertThat(choose(penalties(0, 0.5f), new int[] {0, 1, 0, 0}, 4, 3, 2.1f))
                .isEqualTo(1);
        // 3 - 3 * 0.5 - 0.25 = 1.25
        assertThat(choose(penalties(0.25f, 0.5f), new int[] {0, 0, 0}, 3, 3, 1.26f))
                .isEqualTo(1);
        assertThat(choose(penalties(0.25f, 0.5f), new int[] {0, 0, 0}, 3, 3, 1.24f))
                .isZero();
    }

    @Test
    void shouldCountAnewForEveryToken() {
        Sampler sampler = new Sampler(2);
        int[] history = {0, 0, 0};
        for (int i = 0; i < 3; i++) {
            assertThat(sampler.sample(greedyWith(penalties(0, 0.5f)), segment(3, 1.6f), history, 3, 3)
                            .id())
                    .isEqualTo(1);
            assertThat(sampler.sample(greedyWith(penalties(0, 0.5f)), segment(3, 1.6f), history, 3, 2)
                            .id())
                    .isZero();
        }
    }

    @Test
    void shouldAddBiasesBeforeTheRepetitionPenalty() {
        LogitAdjustments biased = new LogitAdjustments(0, 0, new int[] {1, 2}, new float[] {5, -100}, 0, new int[0]);
        assertThat(choose(biased, NO_HISTORY, 0, 3, -1, 9)).isEqualTo(1);
        // (1 + 5) / 2 = 3, not 1 / 2 + 5.
        SamplingParams both = new SamplingParams(0, 1, 0, 0, 2, 0, -1, biased);
        assertThat(sample(both, new int[] {1}, 3.5f, 1, 9).id()).isZero();
    }

    @Test
    void shouldChooseNoEndBeforeTheLeastTokens() {
        LogitAdjustments least = new LogitAdjustments(0, 0, new int[0], new float[0], 2, new int[] {0, 2});
        assertThat(choose(least, NO_HISTORY, 0, 9, 1, 8)).isEqualTo(1);
        assertThat(choose(least, new int[] {1}, 1, 9, 1, 8)).isEqualTo(1);
        assertThat(choose(least, new int[] {1, 1}, 2, 9, 1, 8)).isZero();
        assertThatThrownBy(() -> choose(least, NO_HISTORY, 0, 9, Float.NEGATIVE_INFINITY, 8))
                .isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldTellLogProbabilitiesBeforePenaltiesAndBiases() {
        float[] logits = {(float) Math.log(2), (float) Math.log(1), (float) Math.log(1)};
        LogitAdjustments adjustments = new LogitAdjustments(2, 2, new int[] {1}, new float[] {50}, 1, new int[] {2});
        Sampled sampled = new Sampler(3)
                .sample(new SamplingParams(0, 1, 0, 0, 1, 0, 2, adjustments), segment(logits), NO_HISTORY, 0, 0);
        assertThat(sampled.id()).isEqualTo(1);
        assertThat(sampled.logprob()).isCloseTo((float) Math.log(0.25), within(1e-6f));
        assertThat(sampled.topIds()).containsExactly(0, 1);
    }

    @ParameterizedTest
    @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY})
    void shouldRefuseLogitsThatAreNoNumbers(float bad) {
        assertThatThrownBy(() -> greedy(1, bad, 2)).isInstanceOf(ArithmeticException.class);
        assertThatThrownBy(() -> sample(drawing(0), NO_HISTORY, 1, 2, bad)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldRefuseLogitsThatAllowNothing() {
        float none = Float.NEGATIVE_INFINITY;
        assertThatThrownBy(() -> greedy(none, none)).isInstanceOf(ArithmeticException.class);
    }

    @Test
    void shouldDrawTheSameForTheSameSeedAndIndexWhateverWasDrawnBefore() {
        float[] logits = random(500, 1);
        Sampler one = new Sampler(500);
        Sampler other = new Sampler(500);
        int[] forward = IntStream.range(0, 100)
                .map(i -> draw(one, drawing(9), logits, i))
                .toArray();
        for (int index = 99; index >= 0; index--) {
            draw(other, drawing(8), logits, index);
            assertThat(draw(other, drawing(9), logits, index)).isEqualTo(forward[index]);
        }
        int[] otherSeed = IntStream.range(0, 100)
                .map(i -> draw(one, drawing(10), logits, i))
                .toArray();
        assertThat(otherSeed).isNotEqualTo(forward);
    }

    @Test
    void shouldDrawInProportionToProbability() {
        float[] logits = {0, (float) Math.log(2), (float) Math.log(5), Float.NEGATIVE_INFINITY};
        int[] counts = new int[4];
        Sampler sampler = new Sampler(4);
        int draws = 80_000;
        for (int index = 0; index < draws; index++) {
            counts[draw(sampler, drawing(123), logits, index)]++;
        }
        assertThat(counts[0] / (double) draws).isCloseTo(1 / 8.0, within(0.006));
        assertThat(counts[1] / (double) draws).isCloseTo(2 / 8.0, within(0.008));
        assertThat(counts[2] / (double) draws).isCloseTo(5 / 8.0, within(0.009));
        assertThat(counts[3]).isZero();
    }

    @Test
    void shouldBecomeGreedyAsTheTemperatureFalls() {
        float[] logits = random(1000, 2);
        int best = greedy(logits);
        Sampler sampler = new Sampler(1000);
        for (float temperature : new float[] {1e-3f, 1e-30f, Float.MIN_VALUE}) {
            SamplingParams params = new SamplingParams(temperature, 1, 0, 0, 1, 5, -1);
            assertThat(draw(sampler, params, logits, 0)).isEqualTo(best);
        }
    }

    @Test
    void shouldKeepTiesWithTheLastOfTopK() {
        assertThat(drawn(new SamplingParams(1, 1, 2, 0, 1, 1, -1), 1, 5, 3, 3, 2))
                .containsExactly(1, 2, 3);
        assertThat(drawn(new SamplingParams(1, 1, 1, 0, 1, 1, -1), 1, 5, 3)).containsExactly(1);
        assertThat(drawn(new SamplingParams(1, 1, 99, 0, 1, 1, -1), 1, 1)).containsExactly(0, 1);
    }

    @Test
    void shouldKeepTheFewestTokensOfTopP() {
        float[] eighths = {(float) Math.log(4), (float) Math.log(2), 0, 0};
        assertThat(drawn(new SamplingParams(1, 0.4f, 0, 0, 1, 1, -1), eighths)).containsExactly(0);
        assertThat(drawn(new SamplingParams(1, 0.6f, 0, 0, 1, 1, -1), eighths)).containsExactly(0, 1);
        // Of equal tokens the lower id stays.
        assertThat(drawn(new SamplingParams(1, 0.8f, 0, 0, 1, 1, -1), eighths)).containsExactly(0, 1, 2);
        assertThat(drawn(new SamplingParams(1, 1e-9f, 0, 0, 1, 1, -1), eighths)).containsExactly(0);
        assertThat(drawn(new SamplingParams(1, Float.MIN_VALUE, 0, 0, 1, 1, -1), 7, 7, 7, 7, 7, 7, 7))
                .containsExactly(0);
    }

    @Test
    void shouldKeepThoseOfAtLeastThatPartOfTheBestWithMinP() {
        float[] logits = {0, (float) Math.log(0.5), (float) Math.log(0.2), (float) Math.log(0.1)};
        assertThat(drawn(new SamplingParams(1, 1, 0, 0.3f, 1, 1, -1), logits)).containsExactly(0, 1);
        assertThat(drawn(new SamplingParams(1, 1, 0, 0.15f, 1, 1, -1), logits)).containsExactly(0, 1, 2);
        assertThat(drawn(new SamplingParams(1, 1, 0, 1, 1, 1, -1), logits)).containsExactly(0);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 0.9, 0, 0",
        "0.7, 0.5, 0, 0",
        "1.3, 0.95, 50, 0",
        "1, 1, 40, 0.05",
        "0.2, 0.7, 0, 0.01",
        "5, 0.99, 0, 0"
    })
    void shouldFilterAsAPlainReadingOfTheReferenceDoes(float temperature, float topP, int topK, float minP) {
        for (int seed = 0; seed < 20; seed++) {
            float[] logits = random(300, seed);
            SamplingParams params = new SamplingParams(temperature, topP, topK, minP, 1, seed, -1);
            List<Integer> allowed = allowed(params, logits);
            Sampler sampler = new Sampler(300);
            for (int index = 0; index < 300; index++) {
                assertThat(allowed).as("seed %s", seed).contains(draw(sampler, params, logits, index));
            }
            assertThat(draw(sampler, params, logits, 3)).isEqualTo(plainDraw(params, logits, allowed, 3));
        }
    }

    @Test
    void shouldTellLogProbabilitiesOfTheLogitsAsComputed() {
        SamplingParams params = new SamplingParams(0.5f, 0.9f, 2, 0.1f, 3, 7, 3);
        float[] logits = {(float) Math.log(2), 0, (float) Math.log(4), 0};
        Sampled sampled = sample(params, new int[] {2}, logits);
        assertThat(sampled.topIds()).containsExactly(2, 0, 1);
        assertThat(sampled.topLogprobs())
                .usingComparatorWithPrecision(1e-6f)
                .containsExactly((float) Math.log(0.5), (float) Math.log(0.25), (float) Math.log(0.125));
        float expected = (float) (logits[sampled.id()] - Math.log(8));
        assertThat(sampled.logprob()).isCloseTo(expected, within(1e-6f));
    }

    @Test
    void shouldTellOnlyTheChosenLogProbabilityIfNoAlternativesAreWanted() {
        Sampled sampled = sample(new SamplingParams(0, 1, 0, 0, 1, 0, 0), NO_HISTORY, 0, 0);
        assertThat(sampled.logprob()).isCloseTo((float) Math.log(0.5), within(1e-6f));
        assertThat(sampled.topIds()).isEmpty();
        assertThat(sample(SamplingParams.GREEDY, NO_HISTORY, 0, 0).logprob()).isNaN();
    }

    @Test
    void shouldListNoMoreAlternativesThanThereAreTokens() {
        Sampled sampled = sample(new SamplingParams(0, 1, 0, 0, 1, 0, 20), NO_HISTORY, 1, 3, 2);
        assertThat(sampled.topIds()).containsExactly(1, 2, 0);
    }

    /** The filters as in the reference: sort everything, then cut. */
    private static List<Integer> allowed(SamplingParams params, float[] logits) {
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, logits.length).boxed().toList());
        order.sort(Comparator.comparingDouble((Integer id) -> -logits[id]));
        if (params.topK() > 0) {
            order = order.subList(0, params.topK());
        }
        double total = total(params, logits, order);
        List<Integer> kept = new ArrayList<>(order);
        double removed = 0;
        for (int last = kept.size() - 1; last > 0; last--) {
            removed += weight(params, logits[kept.get(last)]) / total;
            if (removed > 1 - (double) params.topP()) {
                break;
            }
            kept.removeLast();
        }
        double best = weight(params, logits[kept.getFirst()]);
        kept.removeIf(id -> weight(params, logits[id]) < params.minP() * best);
        kept.sort(null);
        return kept;
    }

    private static int plainDraw(SamplingParams params, float[] logits, List<Integer> allowed, long index) {
        double left = CounterRandom.uniform(params.seed(), index) * total(params, logits, allowed);
        for (int id : allowed) {
            left -= weight(params, logits[id]);
            if (left < 0) {
                return id;
            }
        }
        return allowed.getLast();
    }

    private static double total(SamplingParams params, float[] logits, List<Integer> ids) {
        return ids.stream().mapToDouble(id -> weight(params, logits[id])).sum();
    }

    private static double weight(SamplingParams params, float logit) {
        return Math.exp(logit / (double) params.temperature());
    }

    private static List<Integer> drawn(SamplingParams params, float... logits) {
        Sampler sampler = new Sampler(logits.length);
        return IntStream.range(0, 2000)
                .map(index -> draw(sampler, params, logits, index))
                .distinct()
                .sorted()
                .boxed()
                .toList();
    }

    private static SamplingParams drawing(long seed) {
        return new SamplingParams(1, 1, 0, 0, 1, seed, -1);
    }

    private static int draw(Sampler sampler, SamplingParams params, float[] logits, long index) {
        return sampler.sample(params, segment(logits), NO_HISTORY, 0, index).id();
    }

    private static int greedy(float... logits) {
        return sample(SamplingParams.GREEDY, NO_HISTORY, logits).id();
    }

    private static Sampled sample(SamplingParams params, int[] history, float... logits) {
        return new Sampler(logits.length).sample(params, segment(logits), history, history.length, 0);
    }

    private static MemorySegment segment(float... logits) {
        HostTensor tensor = HostTensor.heap(DType.F32, logits.length);
        MemorySegment.copy(logits, 0, tensor.bytes(), HostTensor.FLOAT, 0, logits.length);
        return tensor.bytes();
    }

    private static float[] random(int size, long seed) {
        Random random = new Random(seed);
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = 4 * (float) random.nextGaussian();
        }
        return values;
    }
}
