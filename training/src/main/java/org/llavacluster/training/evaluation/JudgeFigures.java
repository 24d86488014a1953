package org.llavacluster.training.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The scores of a judge by category. Replies without two scores are counted and enter no mean. */
public final class JudgeFigures {

    private final Map<String, List<ReviewScores>> byCategory = new TreeMap<>();
    private final List<ReviewScores> all = new ArrayList<>();
    private int failed;

    /** Adds the scores of a review. */
    public void add(String category, ReviewScores scores) {
        if (!scores.areUsable()) {
            failed++;
            return;
        }
        byCategory.computeIfAbsent(category, _ -> new ArrayList<>()).add(scores);
        all.add(scores);
    }

    /**
     * Adds a published review: {@code tuple} or {@code score} with the two scores, and perhaps {@code category}.
     *
     * @return whether it has scores
     */
    public boolean addPublished(JsonNode review) {
        JsonNode pair = review.has("tuple") ? review.get("tuple") : review.path("score");
        if (pair.size() != 2 || !pair.get(0).isNumber() || !pair.get(1).isNumber()) {
            return false;
        }
        add(
                review.path("category").asText("all questions"),
                new ReviewScores(pair.get(0).doubleValue(), pair.get(1).doubleValue()));
        return true;
    }

    /** Reviews without two scores. */
    public int failed() {
        return failed;
    }

    /** Reviews with two scores. */
    public int usable() {
        return all.size();
    }

    /** The figures of each category in alphabetical order, then those of {@code all}; empty without usable reviews. */
    public List<CategoryFigure> byCategory() {
        List<CategoryFigure> figures = new ArrayList<>();
        byCategory.forEach((category, scores) ->
                figures.add(new CategoryFigure(category, scores.size(), ReviewSummary.of(scores))));
        if (!all.isEmpty()) {
            figures.add(new CategoryFigure("all", all.size(), ReviewSummary.of(all)));
        }
        return figures;
    }

    /** The figures in lines. */
    public String table() {
        StringBuilder table = new StringBuilder(
                "%-24s %8s %9s %10s %8s%n".formatted("category", "reviews", "relative", "reference", "model"));
        for (CategoryFigure figure : byCategory()) {
            table.append(String.format(
                    Locale.ROOT,
                    "%-24s %8d %7.1f %% %10.1f %8.1f%n",
                    figure.category(),
                    figure.reviews(),
                    figure.summary().relative(),
                    figure.summary().first(),
                    figure.summary().second()));
        }
        if (failed > 0) {
            table.append("%d reviews without two scores are left out%n".formatted(failed));
        }
        return table.toString();
    }

    /** The figures of a category. */
    public record CategoryFigure(String category, int reviews, ReviewSummary summary) {}
}
