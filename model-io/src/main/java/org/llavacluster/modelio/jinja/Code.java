package org.llavacluster.modelio.jinja;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A compiled template. */
final class Code {

    private Code() {}

    /** An expression. */
    interface Evaluation {
        Object evaluate(Activation activation);
    }

    /** A statement. */
    interface Instruction {
        Flow run(Activation activation, RopeBuilder out);
    }

    /** What to do after a statement. */
    enum Flow {
        NEXT,
        BREAK,
        CONTINUE
    }

    /** Collects the variables of a function. Functions inside of it can use them too. */
    static final class Slots {

        private final Slots outer;
        private final Map<String, Integer> indexes = new HashMap<>();

        /**
         * @param outer slots of the enclosing function; null if none
         */
        Slots(Slots outer) {
            this.outer = outer;
        }

        /** The variable of a name at a nesting level. Sibling scopes share it. */
        Variable variable(int level, String name) {
            return new Variable(this, indexes.computeIfAbsent(level + " " + name, _ -> indexes.size()));
        }

        int size() {
            return indexes.size();
        }

        /** Number of function levels between this function and the enclosing one that has the variable. */
        int hops(Variable variable) {
            int hops = 0;
            for (Slots slots = this; slots != variable.slots(); slots = slots.outer) {
                hops++;
            }
            return hops;
        }
    }

    /** A variable of a function. */
    record Variable(Slots slots, int index) {}

    /** The variables of a running function; null for one without a value. */
    static final class Activation {

        private final Object[] values;
        private final Activation outer;
        private final Rendering rendering;
        private final Rendering.Names names;

        Activation(Slots slots, Activation outer, Rendering rendering, Rendering.Names names) {
            this.values = new Object[slots.size()];
            this.outer = outer;
            this.rendering = rendering;
            this.names = names;
        }

        /** An activation of a function inside of this one. */
        Activation inner(Slots slots) {
            return new Activation(slots, this, rendering, names);
        }

        Rendering rendering() {
            return rendering;
        }

        Rendering.Names names() {
            return names;
        }

        Object get(int hops, int index) {
            Activation at = this;
            for (int i = 0; i < hops; i++) {
                at = at.outer;
            }
            return at.values[index];
        }

        void set(int index, Object value) {
            values[index] = value;
        }
    }

    /** The template itself, or one of its blocks. */
    record Function(Slots slots, Instruction body) {

        void run(Rendering rendering, Rendering.Names names, RopeBuilder out) {
            body.run(new Activation(slots, null, rendering, names), out);
        }
    }

    static Rope textOf(Function function, Rendering rendering, Rendering.Names names) {
        RopeBuilder out = new RopeBuilder();
        rendering.enter();
        function.run(rendering, names, out);
        rendering.leave();
        return out.rope().withMarkup(rendering.autoescape());
    }

    /** Runs statements in sequence, until one leaves a loop. */
    static Instruction sequence(List<Instruction> instructions) {
        Instruction[] all = instructions.toArray(Instruction[]::new);
        return (activation, out) -> {
            for (Instruction instruction : all) {
                Flow flow = instruction.run(activation, out);
                if (flow != Flow.NEXT) {
                    return flow;
                }
            }
            return Flow.NEXT;
        };
    }
}
