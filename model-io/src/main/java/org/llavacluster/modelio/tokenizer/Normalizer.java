package org.llavacluster.modelio.tokenizer;

import java.util.BitSet;
import java.util.List;

/** Changes a text between added tokens before it is split. Immutable. */
final class Normalizer {

    static final Normalizer NONE = new Normalizer(List.of());

    private final List<Step> steps;

    Normalizer(List<Step> steps) {
        this.steps = List.copyOf(steps);
    }

    /** One change of a text. */
    sealed interface Step {

        String apply(String text);

        /** Marks the characters of the changed text that come from a user, given those of the original text. */
        BitSet userText(String text, BitSet userText);
    }

    /** Adds a prefix to every non-empty text. */
    record Prepend(String prefix) implements Step {

        @Override
        public String apply(String text) {
            return text.isEmpty() ? text : prefix + text;
        }

        @Override
        public BitSet userText(String text, BitSet userText) {
            BitSet moved = new BitSet();
            userText.stream().forEach(at -> moved.set(at + (text.isEmpty() ? 0 : prefix.length())));
            return moved;
        }
    }

    record Replace(String sought, String replacement) implements Step {

        @Override
        public String apply(String text) {
            return text.replace(sought, replacement);
        }

        @Override
        public BitSet userText(String text, BitSet userText) {
            BitSet changed = new BitSet();
            int written = 0;
            int at = 0;
            while (at < text.length()) {
                boolean found = text.startsWith(sought, at);
                int end = at + (found ? sought.length() : 1);
                int length = found ? replacement.length() : 1;
                int user = userText.nextSetBit(at);
                changed.set(written, written + length, user >= 0 && user < end);
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

    /** Marks the characters in the result of {@link #apply} that come from a user. */
    BitSet userText(String text, BitSet userText) {
        String changed = text;
        BitSet marked = userText;
        for (Step step : steps) {
            marked = step.userText(changed, marked);
            changed = step.apply(changed);
        }
        return marked;
    }
}
