package org.llavacluster.cli.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Times of whole requests.
 *
 * @param startSeconds from the launch of the processes until the gateway served
 * @param residentMegabytes resident memory of each process after its first answers, in 10^6 bytes; without those that
 *     could not be read
 * @param cold the very first request
 * @param first questions about images that were new to the cluster
 * @param second other questions about the same images
 */
public record RequestFigures(
        double startSeconds, Map<String, Double> residentMegabytes, Asked cold, List<Asked> first, List<Asked> second) {

    /**
     * One question.
     *
     * @param firstTokenSeconds from sending it with its image to the first token
     * @param encodeSeconds part of these until the image was encoded
     * @param rows prompt rows that were computed
     * @param tokensPerSecond of the answer after its first token
     */
    public record Asked(double firstTokenSeconds, double encodeSeconds, long rows, double tokensPerSecond) {}

    /** The cold request, then the medians of first and second questions. */
    public List<Map<String, Object>> rows() {
        List<Map<String, Object>> rows = new ArrayList<>();
        rows.add(row("cold", List.of(cold)));
        rows.add(row("first", first));
        rows.add(row("second", second));
        return rows;
    }

    private Map<String, Object> row(String what, List<Asked> asked) {
        SortedValues firstToken = spread(asked, Asked::firstTokenSeconds);
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

    private static SortedValues spread(List<Asked> asked, ToDoubleFunction<Asked> figure) {
        return SortedValues.of(asked.stream().map(figure::applyAsDouble).toList());
    }
}
