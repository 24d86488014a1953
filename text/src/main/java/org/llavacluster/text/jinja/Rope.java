package org.llavacluster.text.jinja;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A string that knows of each character whether a person wrote it or the template. Immutable. Two ropes are equal where their
 * characters are: who wrote them makes no difference to a template.
 *
 * <p>Joined ropes are laid out only once somebody looks at the characters, so that a template may build a long text piece by piece.
 * Positions are UTF-16 units, as in {@link String}; Python's positions are code points, see {@link #unit}.
 */
public final class Rope {

    /** The most UTF-16 units that a string may have. */
    static final int LONGEST = 16 << 20;

    static final Rope EMPTY = new Rope("", new int[0], false);

    /** Below this many units, joining copies: a tree would cost more. */
    private static final int COPIED = 256;

    private final int units;
    private final boolean markup;
    private String text;

    /** Where the author changes, ascending; the template is the first. */
    private int[] changes;

    private Rope left;
    private Rope right;
    private int codePoints = -1;

    Rope(String text, int[] changes, boolean markup) {
        this.units = text.length();
        this.text = text;
        this.changes = changes;
        this.markup = markup;
    }

    private Rope(Rope left, Rope right, boolean markup) {
        this.units = left.units + right.units;
        this.left = left;
        this.right = right;
        this.markup = markup;
    }

    /** A string of the template, or of whoever else may write special tokens. */
    public static Rope of(String text) {
        return text.isEmpty() ? EMPTY : new Rope(text, new int[0], false);
    }

    /** A string that a person wrote. */
    public static Rope person(String text) {
        return text.isEmpty() ? EMPTY : new Rope(text, new int[] {0}, false);
    }

    static Rope by(boolean person, String text) {
        return person ? person(text) : of(text);
    }

    /** Both, one after the other. */
    Rope concat(Rope other) {
        if (other.units == 0) {
            return this;
        }
        if (units == 0) {
            return other.withMarkup(markup);
        }
        if ((long) units + other.units > LONGEST) {
            throw RopeBuilder.tooLong();
        }
        Rope joined = new Rope(this, other, markup);
        if (joined.units <= COPIED) {
            joined.layOut();
        }
        return joined;
    }

    private void layOut() {
        if (text != null) {
            return;
        }
        RopeBuilder builder = new RopeBuilder(units);
        Deque<Rope> waiting = new ArrayDeque<>();
        waiting.push(this);
        while (!waiting.isEmpty()) {
            Rope next = waiting.pop();
            if (next.text != null) {
                builder.append(next);
            } else {
                waiting.push(next.right);
                waiting.push(next.left);
            }
        }
        changes = builder.changes();
        text = builder.text();
        left = null;
        right = null;
    }

    /** The characters. */
    public String text() {
        layOut();
        return text;
    }

    /** UTF-16 units. */
    public int units() {
        return units;
    }

    public boolean isEmpty() {
        return units == 0;
    }

    /** Whether it is marked as HTML that needs no escaping. */
    boolean isMarkup() {
        return markup;
    }

    Rope withMarkup(boolean marked) {
        if (marked == markup) {
            return this;
        }
        layOut();
        return new Rope(text, changes, marked);
    }

    /** Code points: what Python counts. */
    int length() {
        if (codePoints < 0) {
            codePoints = text().codePointCount(0, units);
        }
        return codePoints;
    }

    /** The position in UTF-16 units of a code point. */
    int unit(int codePoint) {
        return length() == units ? codePoint : text.offsetByCodePoints(0, codePoint);
    }

    /** The code points before a position in UTF-16 units. */
    int codePoint(int unit) {
        return length() == units ? unit : text.codePointCount(0, unit);
    }

    /** Whether a person wrote the character at a position. */
    public boolean isPersons(int unit) {
        layOut();
        int found = Arrays.binarySearch(changes, unit);
        return ((found >= 0 ? found + 1 : -found - 1) & 1) == 1;
    }

    /** Whether a person wrote any of the characters from one position to before another. */
    public boolean hasPersons(int from, int to) {
        return from < to && (isPersons(from) || authorUntil(from) < to);
    }

    boolean hasPersons() {
        return hasPersons(0, units);
    }

    /** Up to where the characters have the author of the one at a position. */
    int authorUntil(int unit) {
        layOut();
        int found = Arrays.binarySearch(changes, unit);
        int next = found >= 0 ? found + 1 : -found - 1;
        return next < changes.length ? changes[next] : units;
    }

    /** The characters from one position to before another. */
    public Rope sub(int from, int to) {
        if (from == 0 && to == units) {
            return this;
        }
        if (from >= to) {
            return EMPTY.withMarkup(markup);
        }
        layOut();
        if (changes.length == 0) {
            return new Rope(text.substring(from, to), changes, markup);
        }
        return new RopeBuilder(to - from).append(this, from, to).rope().withMarkup(markup);
    }

    Rope sub(int from) {
        return sub(from, units);
    }

    /** What an error may show: a person's characters are left out. */
    String withoutPersons() {
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < units; at = authorUntil(at)) {
            shown.append(isPersons(at) ? "…" : text().substring(at, authorUntil(at)));
        }
        return shown.toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Rope rope && units == rope.units && text().equals(rope.text());
    }

    @Override
    public int hashCode() {
        return text().hashCode();
    }

    /** The characters. */
    @Override
    public String toString() {
        return text();
    }
}
