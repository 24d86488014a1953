package org.llavacluster.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the word that a mistyped one most likely stands for. */
final class NearestWord {

    /** One letter in this many may be wrong. */
    private static final int LETTERS_PER_MISTAKE = 3;

    private NearestWord() {}

    /** Empty if no word is near. */
    static Optional<String> to(String typed, Collection<String> words) {
        return words.stream()
                .filter(word -> mistakes(typed, word) <= Math.max(1, typed.length() / LETTERS_PER_MISTAKE))
                .min(Comparator.comparingInt(word -> mistakes(typed, word)));
    }

    /**
     * Number of letters inserted, left out, replaced or swapped with the next one (optimal string alignment distance).
     */
    private static int mistakes(String typed, String word) {
        int[][] best = new int[typed.length() + 1][word.length() + 1];
        for (int i = 0; i <= typed.length(); i++) {
            for (int j = 0; j <= word.length(); j++) {
                best[i][j] = i == 0 || j == 0 ? i + j : step(best, typed, word, i, j);
            }
        }
        return best[typed.length()][word.length()];
    }

    private static int step(int[][] best, String typed, String word, int i, int j) {
        boolean same = typed.charAt(i - 1) == word.charAt(j - 1);
        int edited = Math.min(best[i - 1][j], best[i][j - 1]) + 1;
        int replaced = best[i - 1][j - 1] + (same ? 0 : 1);
        boolean swapped = i > 1
                && j > 1
                && typed.charAt(i - 1) == word.charAt(j - 2)
                && typed.charAt(i - 2) == word.charAt(j - 1);
        int least = Math.min(edited, replaced);
        return swapped ? Math.min(least, best[i - 2][j - 2] + 1) : least;
    }
}
