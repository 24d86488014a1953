package org.llavacluster.modelio.tokenizer;

import java.util.Arrays;

/** A binary heap of possible merges, ordered by rank, then by position. */
final class MergeQueue {

    /** Rank and position, two ints in each long. */
    private long[] keys = new long[16];

    private int[] merged = new int[16];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    /** Position of the first merge's left symbol. */
    int position() {
        return (int) keys[0];
    }

    /** Result of the first merge. */
    int merged() {
        return merged[0];
    }

    void add(int rank, int position, int mergedId) {
        if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            merged = Arrays.copyOf(merged, 2 * size);
        }
        long key = BytePairModel.pair(rank, position);
        int at = size++;
        while (at > 0 && key < keys[(at - 1) / 2]) {
            move((at - 1) / 2, at);
            at = (at - 1) / 2;
        }
        keys[at] = key;
        merged[at] = mergedId;
    }

    void remove() {
        long key = keys[--size];
        int value = merged[size];
        int at = 0;
        for (int child = 1; child < size; child = 2 * at + 1) {
            if (child + 1 < size && keys[child + 1] < keys[child]) {
                child++;
            }
            if (key <= keys[child]) {
                break;
            }
            move(child, at);
            at = child;
        }
        keys[at] = key;
        merged[at] = value;
    }

    private void move(int from, int to) {
        keys[to] = keys[from];
        merged[to] = merged[from];
    }
}
