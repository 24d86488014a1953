package org.llavacluster.cli.serve;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.bench.ScatterPlot;

/**
 * The figures of all rates, as JSON, as tables and as a plot.
 *
 * @param settings what was measured
 */
public record ServeReport(Map<String, Object> settings, List<ServeFigures> figures) {

    /** Columns of the first table; the others follow in a second one. */
    private static final int FIRST_COLUMNS = 13;

    public ServeReport {
        figures = List.copyOf(figures);
    }

    public String toJson() throws JsonProcessingException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bench", "serve");
        json.putAll(settings);
        json.put("results", rows());
        return new ObjectMapper().writeValueAsString(json);
    }

    private List<Map<String, Object>> rows() {
        return figures.stream().map(ServeFigures::row).toList();
    }

    /** What clients noticed, then the times of the stages, both by the offered rate. */
    public String toTable() {
        return BenchReport.table(part(0, FIRST_COLUMNS))
                + System.lineSeparator()
                + System.lineSeparator()
                + BenchReport.table(part(FIRST_COLUMNS, Integer.MAX_VALUE));
    }

    private List<Map<String, Object>> part(int from, int to) {
        List<Map<String, Object>> part = new ArrayList<>();
        for (Map<String, Object> row : rows()) {
            Map<String, Object> columns = new LinkedHashMap<>();
            columns.put("offered_per_s", row.get("offered_per_s"));
            int number = 0;
            for (Map.Entry<String, Object> column : row.entrySet()) {
                if (number >= from && number < to) {
                    columns.put(column.getKey(), column.getValue());
                }
                number++;
            }
            part.add(columns);
        }
        return part;
    }

    /** Time to first token against load. */
    public String toSvg() {
        List<ScatterPlot.Point> points = figures.stream()
                .filter(each -> !Double.isNaN(each.firstTokenMillis(90)))
                .map(each -> new ScatterPlot.Point(
                        "%.2f/s good".formatted(each.goodput()), each.offered(), each.firstTokenMillis(90)))
                .toList();
        return new ScatterPlot(
                        "Time to first token against load",
                        "requests offered per second; labels: answers per second within the objective",
                        "time to first token in ms, 90 of 100 requests",
                        points)
                .toSvg();
    }
}
