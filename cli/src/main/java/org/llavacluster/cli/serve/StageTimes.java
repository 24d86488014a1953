package org.llavacluster.cli.serve;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavacluster.cli.bench.MetricsText;

/**
 * How long the stages took in a process since its start: the buckets of {@code llava_stage_seconds}.
 *
 * @param buckets by stage and upper bound in seconds: how many calls took at most that long
 */
record StageTimes(Map<String, TreeMap<Double, Double>> buckets) {

    private static final Pattern BUCKET =
            Pattern.compile("llava_stage_seconds_bucket\\{(.*)} (\\S+)", Pattern.MULTILINE);
    private static final Pattern STAGE = Pattern.compile("stage=\"([^\"]*)\"");
    private static final Pattern BOUND = Pattern.compile("le=\"([^\"]*)\"");

    static StageTimes of(MetricsText metrics) {
        Map<String, TreeMap<Double, Double>> buckets = new LinkedHashMap<>();
        Matcher line = BUCKET.matcher(metrics.text());
        while (line.find()) {
            Matcher stage = STAGE.matcher(line.group(1));
            Matcher bound = BOUND.matcher(line.group(1));
            if (stage.find() && bound.find()) {
                String most = bound.group(1);
                buckets.computeIfAbsent(stage.group(1), _ -> new TreeMap<>())
                        .put(
                                most.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(most),
                                Double.parseDouble(line.group(2)));
            }
        }
        return new StageTimes(buckets);
    }

    /** What came since an earlier look at the same process. */
    StageTimes since(StageTimes earlier) {
        Map<String, TreeMap<Double, Double>> more = new LinkedHashMap<>();
        buckets.forEach((stage, counts) -> {
            TreeMap<Double, Double> before = earlier.buckets.getOrDefault(stage, new TreeMap<>());
            TreeMap<Double, Double> added = new TreeMap<>();
            counts.forEach((bound, count) -> added.put(bound, count - before.getOrDefault(bound, 0.0)));
            more.put(stage, added);
        });
        return new StageTimes(more);
    }

    /**
     * A percentile in milliseconds, between the bounds of its bucket as Prometheus' {@code histogram_quantile} has it;
     * NaN without calls.
     *
     * @param share in {@code [0, 1]}
     */
    double millis(String stage, double share) {
        TreeMap<Double, Double> counts = buckets.get(stage);
        double all = counts.lastEntry().getValue();
        if (all == 0) {
            return Double.NaN;
        }
        double rank = share * all;
        double bound = 0;
        double below = 0;
        for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
            if (bucket.getValue() >= rank && bucket.getValue() > below) {
                double within = (rank - below) / (bucket.getValue() - below);
                double seconds = bucket.getKey().isInfinite() ? bound : bound + within * (bucket.getKey() - bound);
                return seconds * 1e3;
            }
            bound = bucket.getKey();
            below = bucket.getValue();
        }
        return bound * 1e3;
    }
}
