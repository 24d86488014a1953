package org.llavacluster.training.scenes;

import java.util.Objects;

/**
 * A question about an image with its only right answer.
 *
 * @param question without an instruction about the answer's form
 * @param answer a word or phrase
 * @param sentence the answer as a sentence
 */
public record SceneQuestion(Kind kind, String question, String answer, String sentence) {

    /** As LLaVA 1.5 asks for short answers. */
    public static final String SHORT = "\nAnswer the question using a single word or phrase.";

    /** What a question asks for, in the order of the reports. */
    public enum Kind {
        NAME,
        COLOUR,
        PLACE,
        COUNT,
        YES_NO,
        LIST
    }

    public SceneQuestion {
        Objects.requireNonNull(kind, "kind");
    }

    /** The question for a short answer. */
    public String shortForm() {
        return question + SHORT;
    }
}
