package org.llavacluster.text.jinja;

import org.llavacluster.text.jinja.Code.Slots;

/**
 * Where in a template the compiler is.
 *
 * @param toplevel in no scope but the template's own: what is assigned there, blocks can see
 * @param conditional in an {@code if}: filters and tests that do not exist fail only when they are used
 * @param loops around it within the same function
 */
record Frame(Symbols symbols, boolean toplevel, boolean conditional, int loops, Escaping escaping) {

    /** As many loops within each other as Python compiles. */
    static final int MOST_LOOPS = 20;

    /** Whether what is printed is escaped. */
    enum Escaping {
        ON,
        OFF,
        DYNAMIC
    }

    static Frame root(Symbols symbols) {
        return new Frame(symbols, true, false, 0, Escaping.OFF);
    }

    static Frame block(Symbols symbols) {
        return new Frame(symbols, false, false, 0, Escaping.OFF);
    }

    private Frame with(Symbols inner, int innerLoops) {
        return new Frame(inner, false, false, innerLoops, escaping);
    }

    /** A scope in the same function. */
    Frame inner() {
        return with(new Symbols(symbols, symbols.slots()), loops);
    }

    Frame loop() {
        return with(new Symbols(symbols, symbols.slots()), loops + 1);
    }

    /** A function within this one. */
    Frame function() {
        return with(new Symbols(symbols, new Slots(symbols.slots())), 0);
    }

    /** A loop that is a function of its own. */
    Frame recursiveLoop() {
        return with(new Symbols(symbols, new Slots(symbols.slots())), 1);
    }

    /** A scope beside another one, in that one's function. */
    Frame inFunctionOf(Frame other) {
        return with(new Symbols(symbols, other.symbols.slots()), 0);
    }

    Frame soft() {
        return new Frame(symbols, toplevel, true, loops, escaping);
    }

    Frame escaping(Escaping how) {
        return new Frame(symbols, toplevel, conditional, loops, how);
    }

    boolean escapes(Rendering rendering) {
        return escaping == Escaping.ON || escaping == Escaping.DYNAMIC && rendering.autoescape();
    }
}
