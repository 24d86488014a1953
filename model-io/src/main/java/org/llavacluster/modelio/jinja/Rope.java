package org.llavacluster.modelio.jinja;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;

/**
 * A string that records for each character whether it comes from a user or from the template. Immutable. Two ropes are
 * equal if their characters are, whatever their origin.
 *
 * <p>Joined ropes are flattened only when their characters are read, so a template may build a long text piece by
 * piece. Positions are UTF-16 units, as in {@link String}. Python's positions are code points, see {@link #unit}.
 */
public final class Rope {

    static final Rope EMPTY = new Rope("", new int[0], false);

    /** Below this many units, joining copies, because a tree would cost more. */
    private static final int COPIED = 256;

    private final int units;
    private final boolean markup;
    private String text;

    /** Positions where the origin changes, ascending; the text starts as the template's. */
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

    /** A string of the template or of another source that may use special tokens. */
    public static Rope of(String text) {
        return text.isEmpty() ? EMPTY : new Rope(text, new int[0], false);
    }

    /** A string from a user. */
    public static Rope user(String text) {
        return text.isEmpty() ? EMPTY : new Rope(text, new int[] {0}, false);
    }

    static Rope by(boolean user, String text) {
        return user ? user(text) : of(text);
    }

    /** Both strings, one after the other. */
    Rope concat(Rope other) {
        if (other.units == 0) {
            return this;
        }
        if (units == 0) {
            return other.withMarkup(markup);
        }
        if ((long) units + other.units > TemplateLimits.STRING_UNITS) {
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

    /** Length in UTF-16 units. */
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

    /** Length in code points, as in Python. */
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

    /** Number of code points before a position in UTF-16 units. */
    int codePoint(int unit) {
        return length() == units ? unit : text.codePointCount(0, unit);
    }

    /** Whether the character at a position comes from a user. */
    public boolean isUserText(int unit) {
        layOut();
        int found = Arrays.binarySearch(changes, unit);
        return ((found >= 0 ? found + 1 : -found - 1) & 1) == 1;
    }

    /** Whether any of the characters in {@code [from, to)} comes from a user. */
    public boolean hasUserText(int from, int to) {
        return from < to && (isUserText(from) || authorUntil(from) < to);
    }

    boolean hasUserText() {
        return hasUserText(0, units);
    }

    /** The end of the run of characters with the same origin as the one at a position. */
    int authorUntil(int unit) {
        layOut();
        int found = Arrays.binarySearch(changes, unit);
        int next = found >= 0 ? found + 1 : -found - 1;
        return next < changes.length ? changes[next] : units;
    }

    /** The characters in {@code [from, to)}. */
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

    /** The text for error messages, without characters from users. */
    String withoutUserText() {
        StringBuilder shown = new StringBuilder();
        for (int at = 0; at < units; at = authorUntil(at)) {
            shown.append(isUserText(at) ? "…" : text().substring(at, authorUntil(at)));
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
