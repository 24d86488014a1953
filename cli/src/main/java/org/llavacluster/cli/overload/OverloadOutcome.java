package org.llavacluster.cli.overload;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of one API, and whether they reach the goals at the highest load.
 *
 * @param capacity answers per second to clients that wait for their answers
 * @param loads multiples of the capacity
 * @param figures in the order of the loads
 */
public record OverloadOutcome(
        OverloadBench.Api api, double capacity, List<Double> loads, List<OverloadFigures> figures) {

    /** Least share of its peak that the goodput has at the highest load. */
    static final double GOODPUT_GOAL = 0.95;

    /** In milliseconds. */
    static final double REFUSAL_GOAL = 50;

    public OverloadOutcome {
        loads = List.copyOf(loads);
        figures = List.copyOf(figures);
        if (figures.isEmpty() || figures.size() != loads.size()) {
            throw new IllegalArgumentException(loads.size() + " loads, " + figures.size() + " figures");
        }
    }

    private double peak() {
        return figures.stream().mapToDouble(OverloadFigures::goodput).max().orElseThrow();
    }

    /** Goals that were missed at the highest load, and failures at any. */
    public List<String> misses() {
        List<String> misses = new ArrayList<>();
        OverloadFigures highest = figures.getLast();
        double share = highest.goodput() / peak();
        if (share < GOODPUT_GOAL) {
            misses.add("%s: the goodput at the highest load is %.1f %% of its peak; the goal is %.0f %%"
                    .formatted(api, 100 * share, 100 * GOODPUT_GOAL));
        }
        double refusal = highest.refusals().percentile(0.99);
        if (refusal >= REFUSAL_GOAL) {
            misses.add("%s: refusals take %.1f ms (p99) at the highest load; the goal is less than %.0f ms"
                    .formatted(api, refusal, REFUSAL_GOAL));
        }
        figures.stream()
                .flatMap(each -> each.failures().stream())
                .distinct()
                .forEach(reason -> misses.add(api + ": a request failed: " + reason));
        return misses;
    }

    /** A row for each load. */
    public List<Map<String, Object>> rows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        for (int i = 0; i < figures.size(); i++) {
            OverloadFigures each = figures.get(i);
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("api", api.name());
            row.put("load", loads.get(i));
            row.put("offered_per_s", each.offered());
            row.put("goodput_per_s", each.goodput());
            row.put("of_peak_percent", 100 * each.goodput() / peak());
            row.put("refused_per_s", each.refused());
            row.put("failed", each.failures().size());
            row.put("refusal_p50_ms", orNull(each.refusals().median()));
            row.put("refusal_p99_ms", orNull(each.refusals().percentile(0.99)));
            row.put("answer_p50_ms", orNull(each.answers().median()));
            row.put("answer_p99_ms", orNull(each.answers().percentile(0.99)));
            row.put("sent_late_p99_ms", orNull(each.late().percentile(0.99)));
            rows.add(row);
        }
        return rows;
    }

    private static Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
