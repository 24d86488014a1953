package org.llavacluster.modelio.tokenizer;

import java.util.Arrays;

/**
 * A map from non-negative long to non-negative long with open addressing. A merge table has about 100,000 entries and
 * is queried for each character.
 */
final class LongMap {

    static final long ABSENT = -1;

    private final long[] keys;
    private final long[] values;
    private final int shift;

    /**
     * @param entries largest number of entries
     */
    LongMap(int entries) {
        int bits = Math.max(4, 64 - Long.numberOfLeadingZeros(2L * Math.max(1, entries)));
        keys = new long[1 << bits];
        values = new long[1 << bits];
        shift = 64 - bits;
        Arrays.fill(keys, ABSENT);
    }

    void put(long key, long value) {
        int slot = slot(key);
        keys[slot] = key;
        values[slot] = value;
    }

    long get(long key) {
        int slot = slot(key);
        return keys[slot] == key ? values[slot] : ABSENT;
    }

    /** The slot of the key, or where it would go. At most half of the slots are taken, so the search ends. */
    private int slot(long key) {
        int slot = (int) ((key * 0x9E3779B97F4A7C15L) >>> shift);
        while (keys[slot] != key && keys[slot] != ABSENT) {
            slot = (slot + 1) & (keys.length - 1);
        }
        return slot;
    }
}
