package org.llavacluster.modelio.jinja;

/** What a template may use. A value at its limit is accepted, one beyond it ends the rendering. */
public final class TemplateLimits {

    /** Steps of a rendering, and a sixteenth for each character that it goes through: some seconds at most. */
    public static final long WORK = 20_000_000;

    /** UTF-16 units of a string, the output among them. */
    public static final int STRING_UNITS = 16 << 20;

    /** Parts of a value, counted as often as they occur in it. */
    public static final long VALUE_PARTS = 8 << 20;

    /** A quarter of a million digits, far beyond what Python prints. */
    public static final int INTEGER_BITS = 1 << 20;

    /** Digits of an integer that is written in decimal or read from it, as in Python. */
    public static final int INTEGER_DIGITS = 4300;

    /** Numbers of a range, as in jinja2's sandbox. */
    public static final int RANGE_NUMBERS = 100_000;

    /** Loops within each other, as many as Python compiles. */
    public static final int NESTED_LOOPS = 20;

    /** Calls of macros and recursive loops within each other; Python's own limit lets about as many pass. */
    public static final int NESTED_CALLS = 180;

    private TemplateLimits() {}
}
