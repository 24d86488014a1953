package org.llavacluster.modelio.jinja;

import java.util.Arrays;

/** Builds a {@link Rope} from pieces. Refuses to grow beyond {@link TemplateLimits#STRING_UNITS}. */
public final class RopeBuilder {

    private final StringBuilder text;
    private int[] changes = new int[4];
    private int count;

    public RopeBuilder() {
        this(16);
    }

    RopeBuilder(int capacity) {
        text = new StringBuilder(Math.min(capacity, TemplateLimits.STRING_UNITS));
    }

    static TemplateException tooLong() {
        return TemplateException.limit("makes a string of more than " + TemplateLimits.STRING_UNITS + " characters");
    }

    public RopeBuilder append(Rope rope) {
        return append(rope, 0, rope.units());
    }

    RopeBuilder append(Rope rope, int from, int to) {
        String source = rope.text();
        for (int at = from; at < to; ) {
            int end = Math.min(to, rope.authorUntil(at));
            author(rope.isUserText(at), end - at);
            text.append(source, at, end);
            at = end;
        }
        return this;
    }

    /** Characters of the template. */
    public RopeBuilder append(String characters) {
        return append(characters, false);
    }

    public RopeBuilder append(String characters, boolean user) {
        author(user, characters.length());
        text.append(characters);
        return this;
    }

    RopeBuilder append(int codePoint, boolean user) {
        author(user, Character.charCount(codePoint));
        text.appendCodePoint(codePoint);
        return this;
    }

    RopeBuilder repeat(Rope rope, long times) {
        if (times * rope.units() > TemplateLimits.STRING_UNITS - text.length()) {
            throw tooLong();
        }
        for (long i = 0; i < times && !rope.isEmpty(); i++) {
            append(rope);
        }
        return this;
    }

    RopeBuilder repeat(int codePoint, boolean user, long times) {
        if (times > TemplateLimits.STRING_UNITS - text.length()) {
            throw tooLong();
        }
        for (long i = 0; i < times; i++) {
            append(codePoint, user);
        }
        return this;
    }

    private void author(boolean user, int units) {
        if (units > TemplateLimits.STRING_UNITS - text.length()) {
            throw tooLong();
        }
        if (units > 0 && user != ((count & 1) == 1)) {
            if (count == changes.length) {
                changes = Arrays.copyOf(changes, 2 * count);
            }
            changes[count++] = text.length();
        }
    }

    int units() {
        return text.length();
    }

    int codePoints() {
        return text.codePointCount(0, text.length());
    }

    String text() {
        return text.toString();
    }

    int[] changes() {
        return Arrays.copyOf(changes, count);
    }

    public Rope rope() {
        return text.isEmpty() ? Rope.EMPTY : new Rope(text.toString(), changes(), false);
    }
}
