package org.llavacluster.training.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ModalityLengthOrderTest {

    private static final int BATCH = 4;
    private static final int BATCHES = 3;
    private static final int UPDATE = BATCH * BATCHES;

    private final long seed = new SplittableRandom().nextLong();
    private final int samples = 100 + (int) Math.floorMod(seed, 50L);
    private final int[] lengths =
            new SplittableRandom(seed).ints(samples, 1, 500).toArray();
    private final boolean[] hasImage = new boolean[samples];

    ModalityLengthOrderTest() {
        for (int sample = 0; sample < samples; sample++) {
            hasImage[sample] = lengths[sample] % 3 > 0;
        }
    }

    @RepeatedTest(20)
    void shouldGiveEverySampleOnceAndMixModalitiesOnlyAtTheEnd() {
        List<Integer> order = new ModalityLengthOrder(BATCH, BATCHES).order(lengths, hasImage, seed);

        assertThat(order)
                .as("seed %s", seed)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, samples).boxed().toList());
        int left = leftovers(true) + leftovers(false);
        for (int from = 0; from < samples - left; from += UPDATE) {
            List<Integer> update = order.subList(from, from + UPDATE);
            assertThat(update.stream().map(sample -> hasImage[sample]).distinct())
                    .as("seed %s, update at %s", seed, from)
                    .hasSize(1);
        }
    }

    @RepeatedTest(20)
    void shouldDealLongSamplesEvenlyToTheBatchesOfAnUpdate() {
        List<Integer> order = new ModalityLengthOrder(BATCH, BATCHES).order(lengths, hasImage, seed);

        List<Integer> first = order.subList(0, UPDATE);
        int[] longest = IntStream.range(0, BATCHES)
                .map(batch -> first.subList(batch * BATCH, (batch + 1) * BATCH).stream()
                        .mapToInt(sample -> lengths[sample])
                        .max()
                        .orElseThrow())
                .sorted()
                .toArray();
        int[] threeLongest = first.stream()
                .mapToInt(sample -> lengths[sample])
                .sorted()
                .skip(UPDATE - BATCHES)
                .toArray();
        assertThat(longest).as("seed %s", seed).isEqualTo(threeLongest);
    }

    @Test
    void shouldGiveTheSameOrderForTheSameSeedOnly() {
        ModalityLengthOrder order = new ModalityLengthOrder(BATCH, BATCHES);

        assertThat(order.order(lengths, hasImage, seed)).isEqualTo(order.order(lengths, hasImage, seed));
        assertThat(order.order(lengths, hasImage, seed)).isNotEqualTo(order.order(lengths, hasImage, seed + 1));
    }

    @Test
    void shouldOrderOneModalityAndNothing() {
        ModalityLengthOrder order = new ModalityLengthOrder(2, 1);

        assertThat(order.order(new int[] {1, 2, 3}, new boolean[3], seed)).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(order.order(new int[0], new boolean[0], seed)).isEmpty();
    }

    /** Samples of a modality in its last update, full or not, which is merged with the other's. */
    private int leftovers(boolean image) {
        int count = 0;
        for (boolean has : hasImage) {
            count += has == image ? 1 : 0;
        }
        return count % UPDATE == 0 ? UPDATE : count % UPDATE;
    }
}
