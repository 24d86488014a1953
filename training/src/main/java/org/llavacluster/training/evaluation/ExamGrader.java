package org.llavacluster.training.evaluation;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.llavacluster.training.scenes.SceneQuestion;
import org.llavacluster.training.scenes.SceneQuestion.Kind;

/**
 * Grades answers to questions about scenes, from 0 to 1. Case, articles, punctuation at the ends, digits for number
 * words and American spellings make no difference.
 */
public final class ExamGrader {

    private static final Pattern ENDS = Pattern.compile("^[\\p{Punct}\\s]+|[\\p{Punct}\\s]+$");
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern ARTICLE = Pattern.compile("^(?:a|an|the) ");
    private static final Pattern BETWEEN_ITEMS = Pattern.compile(",| and |\\n");

    private static final Map<String, String> SPELLINGS = Map.of(
            "0", "no", "1", "one", "2", "two", "3", "three", "4", "four", "gray", "grey", "center", "centre", "middle",
            "centre");

    private ExamGrader() {}

    /**
     * Grades an answer: of a list the F1 of its items, of a yes or no its first word, else whether it is the right one.
     */
    public static double grade(SceneQuestion question, String answer) {
        if (question.kind() == Kind.LIST) {
            return f1(items(question.answer()), items(answer));
        }
        String given = normalised(answer);
        if (question.kind() == Kind.YES_NO) {
            given = given.split("\\W", 2)[0];
        }
        return given.equals(normalised(question.answer())) ? 1 : 0;
    }

    private static double f1(Set<String> expected, Set<String> given) {
        Set<String> common = new HashSet<>(expected);
        common.retainAll(given);
        return 2.0 * common.size() / (expected.size() + given.size());
    }

    private static Set<String> items(String list) {
        return BETWEEN_ITEMS
                .splitAsStream(list.toLowerCase(Locale.ROOT))
                .map(ExamGrader::normalised)
                .filter(item -> !item.isEmpty())
                .collect(Collectors.toSet());
    }

    private static String normalised(String text) {
        String trimmed = ENDS.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        List<String> words = Arrays.asList(
                SPACES.split(ARTICLE.matcher(trimmed).replaceFirst("").strip()));
        return words.stream().map(word -> SPELLINGS.getOrDefault(word, word)).collect(Collectors.joining(" "));
    }
}
