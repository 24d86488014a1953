package org.llavacluster.training.evaluation;

/** What a judge reads: the sections of LLaVA's published evaluation in their order, with instructions of our own. */
public final class JudgePrompt {

    /** The role that the judge takes. */
    public static final String SYSTEM =
            "You compare answers of two assistants, carefully and without preference for either.";

    private static final String SEEN_AS_TEXT =
            "Both assistants saw an image. You read what it shows as text under [Context]: descriptions, and"
                    + " perhaps objects with their boxes [x1, y1, x2, y2] as fractions of the width and the height. ";

    private static final String RULE =
            "Rate each answer to the question for how helpful, relevant, accurate and detailed"
                    + " it is, from 1 (poor) to 10 (excellent).\nWrite exactly two numbers in the first line, separated"
                    + " by one space: first the score of Assistant 1, then the score of Assistant 2. Explain the scores"
                    + " from the second line on. The order of the answers must not influence the scores.";

    private JudgePrompt() {}

    /** The message that asks for scores of two answers. */
    public static String of(JudgedQuestion question, String first, String second) {
        StringBuilder prompt = new StringBuilder();
        if (!question.context().isEmpty()) {
            section(prompt, "Context", question.context());
        }
        section(prompt, "Question", question.text());
        answer(prompt, "Assistant 1", first);
        answer(prompt, "Assistant 2", second);
        section(prompt, "System", (question.context().isEmpty() ? "" : SEEN_AS_TEXT) + RULE);
        return prompt.toString();
    }

    private static void answer(StringBuilder prompt, String name, String answer) {
        section(prompt, name, answer);
        prompt.append("[End of ").append(name).append("]\n\n");
    }

    private static void section(StringBuilder prompt, String name, String text) {
        prompt.append('[').append(name).append("]\n").append(text).append("\n\n");
    }
}
