package org.llavacluster.cli.evaluation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.training.evaluation.ScienceFigures;

/**
 * The figures of ScienceQA as JSON and as bars.
 *
 * @param rows figures of the model and of its ensembles, by name
 */
public record ScienceReport(Map<String, ScienceFigures> rows) {

    public String toJson() {
        Map<String, Object> json = new LinkedHashMap<>();
        rows.forEach((row, figures) -> {
            Map<String, Object> columns = new LinkedHashMap<>();
            figures.columns().forEach((name, column) -> {
                Map<String, Object> figure = new LinkedHashMap<>();
                figure.put("questions", column.questions());
                figure.put("right", column.right());
                figure.put("percent", column.percent());
                columns.put(name, figure);
            });
            json.put(row, columns);
        });
        try {
            return new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsString(json);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("numbers and words are JSON", e);
        }
    }

    public String toSvg() {
        Map<String, List<Double>> groups = new LinkedHashMap<>();
        for (String name : ScienceFigures.names()) {
            List<Double> bars = new ArrayList<>();
            rows.values()
                    .forEach(figures -> bars.add(figures.columns().get(name).percent()));
            groups.put(name, bars);
        }
        return new PercentBars("Right answers to ScienceQA in percent", List.copyOf(rows.keySet()), groups).toSvg();
    }
}
