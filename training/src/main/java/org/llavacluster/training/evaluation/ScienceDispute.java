package org.llavacluster.training.evaluation;

/** A question to which two models gave different answers, as text for the one that decides. */
public final class ScienceDispute {

    private ScienceDispute() {}

    /** The message that asks for a final answer. */
    public static String prompt(ScienceQuestion question, String other, String llava) {
        return "Question: " + question.question() + "\nContext: "
                + (question.hint().isBlank() ? "N/A" : question.hint())
                + "\nOptions: " + question.options()
                + "\n\nTwo solutions were given, and they do not agree."
                + "\n\n[Solution 1]\n" + other + "\n\n[Solution 2]\n" + llava
                + "\n\nDecide which option is right. Give your reasons first, and end with one sentence of the form"
                + " \"The answer is X.\", where X is the letter of the option.";
    }
}
