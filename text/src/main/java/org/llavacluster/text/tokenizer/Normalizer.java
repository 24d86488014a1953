package org.llavacluster.text.tokenizer;

import java.util.BitSet;
import java.util.List;

/** What is done to a text between added tokens before it is split. Immutable. */
final class Normalizer {

    static final Normalizer NONE = new Normalizer(List.of());

    private final List<Step> steps;

    Normalizer(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** One change of a text. */
    sealed interface Step {

        String apply(String text);

        /** Which characters of the changed text are a person's, where it is known for those of the text. */
        BitSet persons(String text, BitSet persons);
    }

    /** Puts something in front of every text that is not empty. */
    record Prepend(String prefix) implements Step {

        @Override
        public String apply(String text) {
            return text.isEmpty() ? text : prefix + text;
        }

        @Override
        public BitSet persons(String text, BitSet persons) {
            BitSet moved = new BitSet();
            persons.stream().forEach(at -> moved.set(at + (text.isEmpty() ? 0 : prefix.length())));
            return moved;
        }
    }

    record Replace(String sought, String replacement) implements Step {

        @Override
        public String apply(String text) {
            return text.replace(sought, replacement);
        }

        @Override
        public BitSet persons(String text, BitSet persons) {
            BitSet changed = new BitSet();
            int written = 0;
            int at = 0;
            while (at < text.length()) {
                boolean found = text.startsWith(sought, at);
                int end = at + (found ? sought.length() : 1);
                int length = found ? replacement.length() : 1;
                int person = persons.nextSetBit(at);
                changed.set(written, written + length, person >= 0 && person < end);
                written += length;
                at = end;
            }
            return changed;
        }
    }

    String apply(String text) {
        String changed = text;
        for (Step step : steps) {
            changed = step.apply(changed);
        }
        return changed;
    }

    /** Which characters of the text that {@link #apply} makes are a person's. */
    BitSet persons(String text, BitSet persons) {
        String changed = text;
        BitSet marked = persons;
        for (Step step : steps) {
            marked = step.persons(changed, marked);
            changed = step.apply(changed);
        }
        return marked;
    }
}
