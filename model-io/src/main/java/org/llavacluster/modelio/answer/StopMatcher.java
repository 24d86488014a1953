package org.llavacluster.modelio.answer;

import java.util.List;
import java.util.Optional;

/**
 * Finds stop strings in a text that arrives in pieces, and releases text that cannot be the start of one. The stop that
 * is complete first wins, however the text is split; of two that end at the same character the longer one. The stop and
 * the text after it are never released. Not thread-safe.
 */
public final class StopMatcher {

    private final List<String> stops;

    /** For each stop and each of its prefixes, the length of the longest proper border (Knuth, Morris, Pratt). */
    private final int[][] borders;

    /** For each stop, how many of its characters the text currently ends with. */
    private final int[] matched;

    private final StringBuilder held = new StringBuilder();
    private String match;

    /**
     * @param stops non-empty strings
     */
    public StopMatcher(List<String> stops) {
        this.stops = List.copyOf(stops);
        this.borders = new int[stops.size()][];
        this.matched = new int[stops.size()];
        for (int i = 0; i < stops.size(); i++) {
            if (stops.get(i).isEmpty()) {
                throw new IllegalArgumentException("a stop string must not be empty");
            }
            borders[i] = borders(stops.get(i));
        }
    }

    /** Adds the next piece and returns the text that may be shown now; empty after a match. */
    public String add(String piece) {
        if (match != null) {
            return "";
        }
        for (int i = 0; i < piece.length(); i++) {
            held.append(piece.charAt(i));
            int length = longestComplete(piece.charAt(i));
            if (length > 0) {
                return release(held.length() - length, true);
            }
        }
        int start = 0;
        for (int length : matched) {
            start = Math.max(start, length);
        }
        return release(held.length() - start, false);
    }

    /** Ends the text and returns what was held back, unless a stop was found. */
    public String finish() {
        return match == null ? release(held.length(), true) : "";
    }

    /** The stop that was found, if any. */
    public Optional<String> match() {
        return Optional.ofNullable(match);
    }

    private int longestComplete(char next) {
        int longest = 0;
        for (int i = 0; i < borders.length; i++) {
            String stop = stops.get(i);
            int length = matched[i];
            while (length > 0 && stop.charAt(length) != next) {
                length = borders[i][length];
            }
            if (stop.charAt(length) == next) {
                length++;
            }
            matched[i] = length;
            if (length == stop.length() && length > longest) {
                longest = length;
                match = stop;
            }
        }
        return longest;
    }

    private String release(int length, boolean dropRest) {
        String released = held.substring(0, length);
        held.delete(0, dropRest ? held.length() : length);
        return released;
    }

    private static int[] borders(String stop) {
        int[] borders = new int[stop.length() + 1];
        int length = 0;
        for (int i = 1; i < stop.length(); i++) {
            while (length > 0 && stop.charAt(i) != stop.charAt(length)) {
                length = borders[length];
            }
            if (stop.charAt(i) == stop.charAt(length)) {
                length++;
            }
            borders[i + 1] = length;
        }
        return borders;
    }
}
