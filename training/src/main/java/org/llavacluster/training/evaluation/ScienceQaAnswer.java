package org.llavacluster.training.evaluation;

import java.util.Objects;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The answer letter in a model's output, by the rules of LLaVA's ScienceQA evaluation.
 *
 * @param letter absent if the output holds no answer, or several
 */
public record ScienceQaAnswer(Optional<Character> letter) {

    /** Letters of the options, in their order. */
    private static final String OPTIONS = "ABCDE";

    /** Any character but a newline may end the sentence: the published pattern does not escape its dot. */
    private static final Pattern SENTENCE = Pattern.compile("The answer is ([A-Z])[^\\n]");

    public ScienceQaAnswer {
        Objects.requireNonNull(letter, "letter");
    }

    /** Reads a whole output: a single letter, a letter with dot and space, or the sentence exactly once. */
    public static ScienceQaAnswer of(String output) {
        boolean isOption = !output.isEmpty() && OPTIONS.indexOf(output.charAt(0)) >= 0;
        if (isOption && (output.length() == 1 || output.startsWith(". ", 1))) {
            return new ScienceQaAnswer(Optional.of(output.charAt(0)));
        }
        return ofSentence(output);
    }

    /** Reads only the sentence {@code The answer is X.}, as the ensembles with GPT-4 do. */
    public static ScienceQaAnswer ofSentence(String output) {
        MatchResult[] matches = SENTENCE.matcher(output).results().limit(2).toArray(MatchResult[]::new);
        return new ScienceQaAnswer(
                matches.length == 1 ? Optional.of(matches[0].group(1).charAt(0)) : Optional.empty());
    }

    /**
     * The index of the chosen option, or -1 for none of them, which counts as wrong.
     *
     * @param choices options of the question
     */
    public int index(int choices) {
        int index = letter.map(OPTIONS::indexOf).orElse(-1);
        return index < Math.min(choices, OPTIONS.length()) ? index : -1;
    }

    /** This answer, or another if this is none. */
    public ScienceQaAnswer or(ScienceQaAnswer other) {
        return letter.isPresent() ? this : other;
    }
}
