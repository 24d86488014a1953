package org.llavacluster.cli.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.bench.TokenWait.Phase;

/**
 * Running streams beside arriving prompts, with one prefill budget.
 *
 * @param budgetMillis most time for the prompt rows of one step
 * @param waits milliseconds from token to token of the running streams
 * @param firstToken seconds from sending a prompt to its first token
 */
public record StreamFigures(int budgetMillis, Map<Phase, SortedValues> waits, SortedValues firstToken) {

    /** Time to first token against the p99 of waits between tokens of running streams, one point per budget. */
    public static ScatterPlot plot(String title, List<StreamFigures> figures) {
        return new ScatterPlot(
                title,
                "time to first token of the new prompt, s (median)",
                "between tokens of running streams while it prefills, ms (p99)",
                figures.stream()
                        .map(each -> new ScatterPlot.Point(
                                "budget " + each.budgetMillis + " ms",
                                each.firstToken.median(),
                                each.waits.get(Phase.PREFILL).percentile(0.99)))
                        .toList());
    }

    /** One row of a report. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("budget_ms", budgetMillis);
        put(row, "undisturbed", waits.get(Phase.UNDISTURBED));
        put(row, "encode", waits.get(Phase.ENCODE));
        put(row, "prefill", waits.get(Phase.PREFILL));
        row.put("prefill_waits", waits.get(Phase.PREFILL).count());
        row.put("first_token_s", firstToken.median());
        return row;
    }

    private static void put(Map<String, Object> row, String phase, SortedValues millis) {
        boolean none = millis.count() == 0;
        row.put(phase + "_p50_ms", none ? null : millis.percentile(0.5));
        row.put(phase + "_p99_ms", none ? null : millis.percentile(0.99));
    }
}
