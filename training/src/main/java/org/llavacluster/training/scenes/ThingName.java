package org.llavacluster.training.scenes;

import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What things that look alike are called.
 *
 * @param category the word for what they are, as in "animal"
 * @param colour a word, of things that are told apart by it
 */
record ThingName(String singular, String plural, String category, Optional<String> colour) {

    private static final List<String> NUMBERS =
            List.of("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten");

    ThingName {
        Objects.requireNonNull(category, "category");
        Objects.requireNonNull(colour, "colour");
    }

    /** As in "red circle". */
    String one() {
        return prefix() + singular;
    }

    /** As in "red circles". */
    String many() {
        return prefix() + plural;
    }

    /** As in "a red circle", "an owl", "three dogs". */
    String counted(int count) {
        return count == 1 ? withArticle(one()) : number(count) + " " + many();
    }

    /** As in "the red circle" and "the two dogs". */
    String definite(int count) {
        return count == 1 ? "the " + one() : "the " + number(count) + " " + many();
    }

    static String number(int count) {
        return count < NUMBERS.size() ? NUMBERS.get(count) : Integer.toString(count);
    }

    static String withArticle(String words) {
        boolean vowel = "aeiou".indexOf(words.charAt(0)) >= 0 && !words.startsWith("uni");
        return (vowel ? "an " : "a ") + words;
    }

    private String prefix() {
        return colour.map(word -> word + " ").orElse("");
    }
}
