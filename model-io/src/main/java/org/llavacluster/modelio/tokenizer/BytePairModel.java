package org.llavacluster.modelio.tokenizer;

import java.util.Arrays;

/**
 * Byte-pair encoding of one word: its characters, then neighbours merged, lowest rank first and the leftmost of equal
 * ranks. A character that is not a token becomes its UTF-8 bytes if there are tokens for them, otherwise the unknown
 * token.
 *
 * <p>A word may be a whole text, because LLaMA does not split beforehand, so merging takes O(n log n).
 */
final class BytePairModel {

    /**
     * Treatment of characters that are not tokens.
     *
     * @param unknownId -1 to drop such characters
     * @param fuse whether a run of unknown characters is one token
     * @param byteIds the token of each byte, or -1; empty without byte fallback
     */
    record Unknowns(int unknownId, boolean fuse, int[] byteIds) {}

    private final Vocabulary vocabulary;
    private final LongMap characters;

    /** (left id, right id) to (rank, merged id), two ints in each long. */
    private final LongMap merges;

    private final Unknowns unknowns;
    private final boolean wholeWordsFirst;

    /**
     * @param wholeWordsFirst whether a word that is a token is not merged ({@code ignore_merges})
     */
    BytePairModel(
            Vocabulary vocabulary, LongMap characters, LongMap merges, Unknowns unknowns, boolean wholeWordsFirst) {
        this.vocabulary = vocabulary;
        this.characters = characters;
        this.merges = merges;
        this.unknowns = unknowns;
        this.wholeWordsFirst = wholeWordsFirst;
    }

    /** Packs two non-negative ints into a long. */
    static long pair(int high, int low) {
        return (long) high << 32 | low;
    }

    void encode(String word, IdBuffer out) {
        int whole = wholeWordsFirst ? vocabulary.id(word) : -1;
        if (whole >= 0) {
            out.add(whole);
            return;
        }
        Symbols symbols = new Symbols(word.length());
        split(word, symbols);
        symbols.mergeAll(merges);
        symbols.writeTo(out);
    }

    private void split(String word, Symbols symbols) {
        boolean unknown = false;
        for (int i = 0; i < word.length(); ) {
            int c = word.codePointAt(i);
            i += Character.charCount(c);
            int id = (int) characters.get(c);
            if (id >= 0) {
                if (unknown) {
                    symbols.add(unknowns.unknownId);
                    unknown = false;
                }
                symbols.add(id);
            } else if (!addBytes(c, symbols) && unknowns.unknownId >= 0) {
                if (unknown && !unknowns.fuse) {
                    symbols.add(unknowns.unknownId);
                }
                unknown = true;
            }
        }
        if (unknown) {
            symbols.add(unknowns.unknownId);
        }
    }

    /** Adds the character's UTF-8 bytes if each of them is a token. */
    private boolean addBytes(int c, Symbols symbols) {
        if (unknowns.byteIds.length == 0) {
            return false;
        }
        int length = Utf8.length(c);
        for (int i = 0; i < length; i++) {
            if (unknowns.byteIds[Utf8.byteAt(c, i, length)] < 0) {
                return false;
            }
        }
        for (int i = 0; i < length; i++) {
            symbols.add(unknowns.byteIds[Utf8.byteAt(c, i, length)]);
        }
        return true;
    }

    /** A word as a linked list of ids, and its possible merges. */
    private static final class Symbols {

        private static final int GONE = -1;

        private int[] ids;
        private int[] next;
        private int[] previous;
        private int size;
        private final MergeQueue queue = new MergeQueue();

        Symbols(int characters) {
            ids = new int[Math.max(4, characters)];
        }

        void add(int id) {
            if (size == ids.length) {
                ids = Arrays.copyOf(ids, 2 * size);
            }
            ids[size++] = id;
        }

        void mergeAll(LongMap merges) {
            next = new int[size];
            previous = new int[size];
            for (int i = 0; i < size; i++) {
                previous[i] = i - 1;
                next[i] = i + 1 < size ? i + 1 : GONE;
            }
            for (int i = 0; i + 1 < size; i++) {
                offer(merges, i);
            }
            while (!queue.isEmpty()) {
                int at = queue.position();
                int merged = queue.merged();
                queue.remove();
                if (ids[at] == GONE || next[at] == GONE) {
                    continue;
                }
                long now = merges.get(pair(ids[at], ids[next[at]]));
                if (now == LongMap.ABSENT || (int) now != merged) {
                    continue;
                }
                mergeWithNext(at, merged);
                if (previous[at] != GONE) {
                    offer(merges, previous[at]);
                }
                offer(merges, at);
            }
        }

        private void mergeWithNext(int at, int merged) {
            int right = next[at];
            ids[at] = merged;
            ids[right] = GONE;
            next[at] = next[right];
            if (next[right] != GONE) {
                previous[next[right]] = at;
            }
        }

        private void offer(LongMap merges, int at) {
            if (next[at] != GONE) {
                long merge = merges.get(pair(ids[at], ids[next[at]]));
                if (merge != LongMap.ABSENT) {
                    queue.add((int) (merge >>> 32), at, (int) merge);
                }
            }
        }

        void writeTo(IdBuffer out) {
            for (int i = size == 0 ? GONE : 0; i != GONE; i = next[i]) {
                out.add(ids[i]);
            }
        }
    }
}
