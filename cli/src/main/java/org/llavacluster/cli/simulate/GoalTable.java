package org.llavacluster.cli.simulate;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;
import org.llavacluster.simulator.load.Goals;

/** What the scheduler is measured by, as rows of two tables. */
record GoalTable(List<Map<String, Object>> comparisons, List<Map<String, Object>> growth) {

    private static final List<Integer> NODES = List.of(10, 100, 1_000, 2_000);

    static GoalTable measure(long seed, int seconds, Progress progress) {
        Goals goals = new Goals(seed, seconds);
        List<Map<String, Object>> comparisons = new ArrayList<>();
        Goals.RepeatedImages repeated = goals.repeatedImages();
        comparisons.add(comparison(
                "repeated images, 8 decoders, TTFT p90 ms: round-robin, scheduler",
                repeated.roundRobin(),
                repeated.scheduler(),
                repeated.ratio()));
        progress.done("repeated images");
        Goals.Flood flood = goals.flood();
        comparisons.add(comparison(
                "a tenant beside a flood, TTFT p95 ms: flooded, alone", flood.flooded(), flood.alone(), flood.ratio()));
        progress.done("flood of a tenant");
        Goals.Overload overload = goals.overload();
        comparisons.add(comparison(
                "goodput per s: at ten times the load, at its peak",
                overload.tenfold(),
                overload.peak(),
                overload.ratio()));
        progress.done("overload");
        List<Map<String, Object>> growth = new ArrayList<>();
        for (int nodes : NODES) {
            growth.add(row(goals.growth(nodes, Clock.SYSTEM::nanoTime, GoalTable::usedHeap)));
            progress.done(nodes + " nodes");
        }
        return new GoalTable(comparisons, growth);
    }

    private static Map<String, Object> comparison(String goal, double first, double second, double ratio) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("ratio", ratio);
        row.put("first", first);
        row.put("second", second);
        row.put("of", goal);
        return row;
    }

    private static Map<String, Object> row(Goals.Growth growth) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("nodes", growth.nodes());
        row.put("requests", growth.requests());
        row.put("decisions", growth.steps());
        row.put("decision_p50_us", growth.stepMicrosP50());
        row.put("decision_p99_us", growth.stepMicrosP99());
        row.put("decision_p999_us", growth.stepMicrosP999());
        row.put("requests_per_s_of_a_core", growth.requestsPerSecond());
        row.put("heap_mb", growth.heapMegabytes());
        return row;
    }

    private static long usedHeap() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }
}
