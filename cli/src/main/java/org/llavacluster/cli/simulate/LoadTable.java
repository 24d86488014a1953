package org.llavacluster.cli.simulate;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.cli.bench.ScatterPlot;
import org.llavacluster.simulator.load.LoadFigures;
import org.llavacluster.simulator.load.LoadSweep;

/** Latency and goodput by offered load, as rows of a table and as a plot. */
record LoadTable(int nodes, List<LoadSweep.Point> points) {

    List<Map<String, Object>> rows() {
        return points.stream().map(LoadTable::row).toList();
    }

    private static Map<String, Object> row(LoadSweep.Point point) {
        LoadFigures figures = point.figures();
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("load", point.share());
        row.put("offered_per_s", figures.offered());
        row.put("goodput_per_s", figures.goodput());
        row.put("refused_per_s", figures.refused());
        row.put("ttft_p50_ms", figures.firstTokenMillis().p50());
        row.put("ttft_p90_ms", figures.firstTokenMillis().p90());
        row.put("ttft_p99_ms", figures.firstTokenMillis().p99());
        return row;
    }

    /** Time to first token against load, up to twice what the cluster can do. */
    ScatterPlot plot() {
        List<ScatterPlot.Point> shown = points.stream()
                .filter(point -> point.share() <= 2)
                .map(point -> new ScatterPlot.Point(
                        Math.round(100 * point.share()) + " %",
                        point.figures().offered(),
                        point.figures().firstTokenMillis().p90()))
                .toList();
        return new ScatterPlot(
                "Time to first token against load, " + nodes + " simulated workers",
                "requests offered per second; labels: share of what the cluster can do",
                "time to first token in ms, 90 of 100 requests",
                shown);
    }
}
