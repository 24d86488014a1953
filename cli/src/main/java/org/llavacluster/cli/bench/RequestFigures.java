package org.llavacluster.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * What whole requests took.
 *
 * @param startSeconds from the launch of the processes until the gateway served
 * @param residentMegabytes of each process once it had answered, 10^6 bytes; without those that could not be read
 * @param cold the very first request
 * @param first questions about a picture that the cluster had not seen
 * @param second other questions about the same pictures
 */
public record RequestFigures(
        double startSeconds, Map<String, Double> residentMegabytes, Asked cold, List<Asked> first, List<Asked> second) {

    /**
     * One question.
     *
     * @param firstTokenSeconds from sending it, its picture included, to the first token
     * @param encodeSeconds of these, until the picture was encoded
     * @param rows of the prompt that were computed
     * @param tokensPerSecond of the answer after its first token
     */
    public record Asked(double firstTokenSeconds, double encodeSeconds, long rows, double tokensPerSecond) {}

    /** Cold, then the medians of first and second questions. */
    public List<Map<String, Object>> rows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.add(row("cold", List.of(cold)));
        rows.add(row("first", first));
        rows.add(row("second", second));
        return rows;
    }

    private Map<String, Object> row(String what, List<Asked> asked) {
        Spread firstToken = spread(asked, Asked::firstTokenSeconds);
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("question", what);
        row.put("first_token_s", firstToken.median());
        row.put("least_s", firstToken.percentile(0));
        row.put("most_s", firstToken.percentile(1));
        row.put("encode_s", spread(asked, Asked::encodeSeconds).median());
        row.put("rows_computed", (long) spread(asked, Asked::rows).median());
        row.put(
                "of_first",
                firstToken.median() / spread(first, Asked::firstTokenSeconds).median());
        row.put("tokens_per_s", spread(asked, Asked::tokensPerSecond).median());
        return row;
    }

    private static Spread spread(List<Asked> asked, ToDoubleFunction<Asked> figure) {
        return Spread.of(asked.stream().map(figure::applyAsDouble).toList());
    }
}
