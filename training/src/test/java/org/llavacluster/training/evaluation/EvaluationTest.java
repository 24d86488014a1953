package org.llavacluster.training.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.training.Goldens;

class EvaluationTest {

    private static final JsonNode GOLDENS = Goldens.json("evaluation.json");
    private static final JsonNode PUBLISHED = Goldens.json("review-summaries.json");

    static Stream<JsonNode> extractor() {
        return cases("extractor");
    }

    static Stream<JsonNode> scores() {
        return cases("two_scores");
    }

    static Stream<JsonNode> ensembles() {
        return cases("ensemble");
    }

    static Stream<JsonNode> summaries() {
        return cases("summary");
    }

    private static Stream<JsonNode> cases(String kind) {
        return Goldens.items(GOLDENS.path(kind).path("cases")).stream();
    }

    @Test
    void shouldHaveAllCases() {
        assertThat(extractor()).hasSize(39);
        assertThat(scores()).hasSize(33);
        assertThat(ensembles()).hasSize(7);
        assertThat(summaries()).hasSize(6);
    }

    @ParameterizedTest
    @MethodSource("extractor")
    void shouldExtractTheAnswer(JsonNode golden) {
        ScienceQaAnswer answer = ScienceQaAnswer.of(golden.path("text").textValue());

        assertThat(letter(answer)).isEqualTo(golden.path("letter").textValue());
        assertThat(answer.index(golden.path("choices").intValue()))
                .isEqualTo(golden.path("index").intValue());
    }

    @ParameterizedTest
    @MethodSource("scores")
    void shouldReadTwoScores(JsonNode golden) {
        ReviewScores scores = ReviewScores.of(golden.path("reply").textValue());

        assertThat(scores)
                .isEqualTo(new ReviewScores(
                        number(golden.path("scores").get(0)),
                        number(golden.path("scores").get(1))));
        assertThat(scores.areUsable()).isEqualTo(scores.first() >= 0 && scores.second() < 100);
    }

    @ParameterizedTest
    @MethodSource("ensembles")
    void shouldJoinTheAnswersOfTwoModels(JsonNode golden) {
        String gpt4 = golden.path("gpt4").textValue();
        String llava = golden.path("llava").textValue();
        Optional<String> second = Optional.ofNullable(golden.path("gpt4_second").textValue());

        assertThat(letter(ScienceQaEnsemble.COMPLEMENT.answer(gpt4, llava, second)))
                .isEqualTo(golden.path("complement").textValue());
        assertThat(letter(ScienceQaEnsemble.JUDGE.answer(gpt4, llava, second)))
                .isEqualTo(golden.path("judge").textValue());
    }

    @ParameterizedTest
    @MethodSource("summaries")
    void shouldSumUpReviews(JsonNode golden) {
        assertThat(ReviewSummary.of(scores(golden.path("tuples")))).isEqualTo(summary(golden.path("all")));
    }

    @Test
    void shouldSumUpPublishedReviewsAsPublished() {
        assertThat(PUBLISHED.properties()).hasSize(2);
        PUBLISHED.properties().forEach(set -> set.getValue().forEach(run -> {
            List<ReviewScores> all = new ArrayList<>();
            run.path("tuples").properties().forEach(category -> {
                List<ReviewScores> scores = scores(category.getValue());
                all.addAll(scores);
                assertThat(ReviewSummary.of(scores))
                        .as("%s, %s", set.getKey(), category.getKey())
                        .isEqualTo(summary(run.path("summary").path(category.getKey())));
            });
            assertThat(ReviewSummary.of(all))
                    .as(set.getKey())
                    .isEqualTo(summary(run.path("summary").path("all")));
        }));
    }

    private static String letter(ScienceQaAnswer answer) {
        return answer.letter().map(String::valueOf).orElse("FAILED");
    }

    private static double number(JsonNode score) {
        return score.isTextual() ? Double.parseDouble(score.textValue()) : score.doubleValue();
    }

    private static List<ReviewScores> scores(JsonNode tuples) {
        return Goldens.items(tuples).stream()
                .map(pair ->
                        new ReviewScores(pair.get(0).doubleValue(), pair.get(1).doubleValue()))
                .toList();
    }

    private static ReviewSummary summary(JsonNode figures) {
        return new ReviewSummary(
                figures.get(0).doubleValue(),
                figures.get(1).doubleValue(),
                figures.get(2).doubleValue());
    }
}
