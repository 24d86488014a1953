package org.llavacluster.training.evaluation;

import java.util.List;
import java.util.Optional;

/**
 * A question of ScienceQA.
 *
 * @param answer index of the right choice
 * @param hint text that goes with it; may be empty
 * @param image file name of its image
 * @param grade school year, 1 to 12
 */
public record ScienceQuestion(
        String id,
        String question,
        List<String> choices,
        int answer,
        String hint,
        Optional<String> image,
        String subject,
        int grade,
        String split) {

    public ScienceQuestion {
        choices = List.copyOf(choices);
        if (answer < 0 || answer >= choices.size()) {
            throw new IllegalArgumentException("answer " + answer + " of " + choices.size() + " choices");
        }
    }

    /** The question as LLaVA 1.5 gets it: context, question and choices, and how to answer. */
    public String prompt() {
        return "Context: " + (hint.isBlank() ? "N/A" : hint) + "\nQuestion: " + question + "\nOptions: " + options()
                + "\nAnswer with the option's letter from the given choices directly.";
    }

    /** The choices with their letters, in one line. */
    String options() {
        StringBuilder options = new StringBuilder();
        for (int n = 0; n < choices.size(); n++) {
            options.append(n == 0 ? "(" : " (")
                    .append((char) ('A' + n))
                    .append(") ")
                    .append(choices.get(n));
        }
        return options.toString();
    }
}
