package org.llavacluster.cli.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.engine.bench.Ceilings;

/**
 * What a benchmark found: the machine's ceilings, measured in the same run, and rows of figures under named columns.
 *
 * @param settings what was measured, in a word each
 * @param rows each with the same columns
 */
public record BenchReport(
        String bench, Map<String, Object> settings, Ceilings ceilings, List<Map<String, Object>> rows) {

    /** One JSON object. */
    public String toJson() throws JsonProcessingException {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("bench", bench);
        json.putAll(settings);
        json.put("ceilings", ceilings());
        json.put("results", rows);
        return new ObjectMapper().writeValueAsString(json);
    }

    /** A line on the ceilings, then a table. */
    public String toTable() {
        StringBuilder table = new StringBuilder("ceilings of this run, %d threads: %.0f GFLOP/s, %.1f GB/s%n"
                .formatted(ceilings.threads(), ceilings.gigaflops(), ceilings.gigabytes()));
        List<String> columns = new ArrayList<>(rows.getFirst().keySet());
        for (String column : columns) {
            table.append("%18s".formatted(column));
        }
        for (Map<String, Object> row : rows) {
            table.append(System.lineSeparator());
            row.values().forEach(value -> table.append("%18s".formatted(shown(value))));
        }
        return table.toString();
    }

    private static String shown(Object value) {
        return value instanceof Double number ? "%.3f".formatted(number) : value.toString();
    }
}
