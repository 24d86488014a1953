package org.llavacluster.training.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;

/**
 * An order of samples in which each update holds one modality and similar lengths, so that little is padded: LLaVA's
 * {@code group_by_modality_length}. Samples with and without images are shuffled apart and cut into updates; within one
 * the samples are sorted by length and dealt to its batches evenly. Updates are shuffled, and what is left of both
 * modalities comes last.
 */
public final class ModalityLengthOrder {

    private final int batches;
    private final int perUpdate;

    /**
     * @param batch samples of a batch
     * @param batches batches of an update
     */
    public ModalityLengthOrder(int batch, int batches) {
        if (batch < 1 || batches < 1) {
            throw new IllegalArgumentException(batches + " batches of " + batch);
        }
        this.batches = batches;
        this.perUpdate = Math.multiplyExact(batch, batches);
    }

    /**
     * The indices of the samples in the order of one epoch.
     *
     * @param lengths for each sample its length, at least 1
     * @param hasImage for each sample whether it has an image
     * @param seed of the order; another for each epoch
     */
    public List<Integer> order(int[] lengths, boolean[] hasImage, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        List<Integer> withImage = new ArrayList<>();
        List<Integer> textOnly = new ArrayList<>();
        for (int sample = 0; sample < lengths.length; sample++) {
            (hasImage[sample] ? withImage : textOnly).add(sample);
        }
        List<List<Integer>> updates = updates(withImage, lengths, random);
        List<List<Integer>> ofText = updates(textOnly, lengths, random);
        if (!updates.isEmpty() && !ofText.isEmpty()) {
            List<Integer> last = new ArrayList<>(updates.removeLast());
            last.addAll(ofText.removeLast());
            updates.addAll(ofText);
            shuffle(updates, random);
            Collections.sort(last);
            updates.add(last);
        } else {
            updates.addAll(ofText);
        }
        return updates.stream().flatMap(List::stream).toList();
    }

    /** Shuffled samples of one modality in updates, the last perhaps shorter. */
    private List<List<Integer>> updates(List<Integer> samples, int[] lengths, SplittableRandom random) {
        List<Integer> shuffled = new ArrayList<>(samples);
        shuffle(shuffled, random);
        List<List<Integer>> updates = new ArrayList<>();
        for (int from = 0; from < shuffled.size(); from += perUpdate) {
            List<Integer> update = new ArrayList<>(shuffled.subList(from, Math.min(from + perUpdate, shuffled.size())));
            update.sort((a, b) -> Integer.compare(lengths[b], lengths[a]));
            updates.add(evenly(update, lengths));
        }
        return updates;
    }

    /** Deals samples, the longest first, to batches of equal number and about equal sums of lengths. */
    private List<Integer> evenly(List<Integer> longestFirst, int[] lengths) {
        List<List<Integer>> dealt = new ArrayList<>();
        for (int batch = 0; batch < batches; batch++) {
            dealt.add(new ArrayList<>());
        }
        boolean even = longestFirst.size() % batches == 0;
        int each = longestFirst.size() / batches;
        long[] sums = new long[batches];
        for (int n = 0; n < longestFirst.size(); n++) {
            int batch = even ? shortest(dealt, sums, each) : n % batches;
            dealt.get(batch).add(longestFirst.get(n));
            sums[batch] += lengths[longestFirst.get(n)];
        }
        return dealt.stream().flatMap(List::stream).toList();
    }

    private static int shortest(List<List<Integer>> dealt, long[] sums, int each) {
        int shortest = -1;
        for (int batch = 0; batch < sums.length; batch++) {
            if (dealt.get(batch).size() < each && (shortest < 0 || sums[batch] < sums[shortest])) {
                shortest = batch;
            }
        }
        return shortest;
    }

    /** Fisher and Yates. */
    private static <T> void shuffle(List<T> items, SplittableRandom random) {
        for (int left = items.size(); left > 1; left--) {
            Collections.swap(items, left - 1, random.nextInt(left));
        }
    }
}
