package org.llavacluster.cli.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llavacluster.training.evaluation.ExamFigures;
import org.llavacluster.training.scenes.SceneQuestion;

/** The figures of an exam as JSON and as bars. */
public record ExamReport(String model, ExamFigures figures) {

    public String toJson() {
        Map<String, Object> kinds = new LinkedHashMap<>();
        figures.byKind().forEach((kind, figure) -> {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("questions", figure.questions());
            json.put(kind == SceneQuestion.Kind.LIST ? "f1" : "exact_match", figure.seen());
            figure.unseen().ifPresent(unseen -> json.put("grey_image", unseen));
            kinds.put(kind.name().toLowerCase(Locale.ROOT), json);
        });
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("model", model);
        json.put("kinds", kinds);
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and words are JSON", e);
        }
    }

    public String toSvg() {
        Map<String, List<Double>> groups = new LinkedHashMap<>();
        figures.byKind().forEach((kind, figure) -> {
            List<Double> bars = new ArrayList<>(List.of(100 * figure.seen()));
            figure.unseen().ifPresent(unseen -> bars.add(100 * unseen));
            groups.put(kind.name().toLowerCase(Locale.ROOT).replace('_', '/'), bars);
        });
        return new PercentBars(
                        "Right answers of " + model + " in percent",
                        List.of("with the image", "with a grey image"),
                        groups)
                .toSvg();
    }
}
