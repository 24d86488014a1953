package org.llavacluster.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.bench.Ceilings;

/**
 * The result of a benchmark: the machine's ceilings, measured in the same run, and rows of figures under named columns.
 *
 * @param settings what was measured, one word each
 * @param rows rows with the same columns; a missing figure is null
 */
public record BenchReport(
        String bench, Map<String, Object> settings, Ceilings ceilings, List<Map<String, Object>> rows) {

    private static final int LEAST_WIDTH = 16;

    /** One JSON object. */
    public String toJson() throws JsonProcessingException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bench", bench);
        json.putAll(settings);
        json.put("ceilings", ceilings());
        json.put("results", rows);
        return new ObjectMapper().writeValueAsString(json);
    }

    /** A line with the ceilings, then a table. */
    public String toTable() {
        StringBuilder table = new StringBuilder("ceilings of this run, %d threads: %.0f GFLOP/s, %.1f GB/s%n"
                .formatted(ceilings.threads(), ceilings.gigaflops(), ceilings.gigabytes()));
        return table.append(table(rows)).toString();
    }

    /** Rows under the names of their columns. */
    public static String table(List<Map<String, Object>> rows) {
        StringBuilder table = new StringBuilder();
        rows.getFirst().keySet().forEach(column -> table.append(cell(column, column)));
        for (Map<String, Object> row : rows) {
            table.append(System.lineSeparator());
            row.forEach((column, value) -> table.append(cell(column, shown(value))));
        }
        return table.toString();
    }

    private static String cell(String column, String content) {
        int width = Math.max(LEAST_WIDTH, column.length() + 2);
        return " ".repeat(Math.max(0, width - content.length())) + content;
    }

    /** A figure as a table shows it. */
    public static String shown(Object value) {
        return switch (value) {
            case null -> "-";
            case Double number -> "%.3f".formatted(number);
            default -> value.toString();
        };
    }
}
