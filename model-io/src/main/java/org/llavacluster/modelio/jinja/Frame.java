package org.llavacluster.modelio.jinja;

import org.llavacluster.modelio.jinja.Code.Slots;

/**
 * The compiler's position in a template.
 *
 * @param toplevel whether it is in the template's own scope, whose assignments blocks can see
 * @param conditional whether it is in an {@code if}, where unknown filters and tests fail only when used
 * @param loops number of enclosing loops in the same function
 */
record Frame(Symbols symbols, boolean toplevel, boolean conditional, int loops, Escaping escaping) {

    /** Whether printed values are escaped. */
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

    /** A function inside of this one. */
    Frame function() {
        return with(new Symbols(symbols, new Slots(symbols.slots())), 0);
    }

    /** A loop that is a function of its own. */
    Frame recursiveLoop() {
        return with(new Symbols(symbols, new Slots(symbols.slots())), 1);
    }

    /** A sibling scope of another one, in that one's function. */
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
