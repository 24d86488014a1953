package org.llavacluster.cli.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.training.evaluation.JudgeFigures;

/**
 * The figures of a judge as JSON and as bars.
 *
 * @param judge name of the judging model
 */
public record JudgeReport(String judge, JudgeFigures figures) {

    public String toJson() {
        Map<String, Object> categories = new LinkedHashMap<>();
        figures.byCategory().forEach(figure -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("reviews", figure.reviews());
            json.put("relative", finite(figure.summary().relative()));
            json.put("reference", figure.summary().first());
            json.put("model", figure.summary().second());
            categories.put(figure.category(), json);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("judge", judge);
        json.put("failed_reviews", figures.failed());
        json.put("categories", categories);
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and words are JSON", e);
        }
    }

    /** Not finite if the reference has only zeros. */
    private static Double finite(double value) {
        return Double.isFinite(value) ? value : null;
    }

    public String toSvg() {
        Map<String, List<Double>> groups = new LinkedHashMap<>();
        figures.byCategory()
                .forEach(figure ->
                        groups.put(figure.category(), List.of(figure.summary().relative())));
        return new PercentBars(
                        "Scores by " + judge + " in percent of the reference's", List.of("relative score"), groups)
                .toSvg();
    }
}
