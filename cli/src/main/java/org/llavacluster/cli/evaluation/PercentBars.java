package org.llavacluster.cli.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.llavacluster.cli.bench.PlotAxis;
import org.llavacluster.cli.bench.SvgDrawing;

/**
 * Percentages as bars in groups.
 *
 * @param series names of the bars of a group, at most as many as there are colours
 * @param groups the values of each group, in the order of the series; a group may lack its last ones
 */
record PercentBars(String title, List<String> series, Map<String, List<Double>> groups) {

    private static final int LEFT = 60;
    private static final int TOP = 50;
    private static final int HEIGHT = 240;
    private static final int BAR = 30;
    private static final int GAP = 30;
    private static final int LEAST_WIDTH = 420;
    private static final int LEGEND = 120;
    private static final List<String> COLOURS = List.of("#1f5fbf", "#b8860b", "#2e8b57", "#8b3a62");

    String toSvg() {
        int group = Math.max(90, series.size() * BAR + GAP);
        double most = groups.values().stream()
                .flatMap(List::stream)
                .filter(Double::isFinite)
                .mapToDouble(Double::doubleValue)
                .max()
                .orElse(0);
        PlotAxis percent = PlotAxis.between(0, Math.max(100, most), HEIGHT);
        int width = LEFT + Math.max(groups.size() * group, series.size() * LEGEND) + 20;
        SvgDrawing svg = new SvgDrawing(Math.max(LEAST_WIDTH, width), TOP + HEIGHT + 40);
        svg.text(LEFT, 20, "start", title);
        for (int n = 0; n < series.size(); n++) {
            svg.bar(LEFT + n * LEGEND, 28, 10, 10, COLOURS.get(n));
            svg.text(LEFT + n * LEGEND + 16, 37, "start", series.get(n));
        }
        percent.ticks()
                .forEach(
                        tick -> svg.text(LEFT - 8, TOP + HEIGHT - percent.at(tick) + 4, "end", PlotAxis.written(tick)));
        int x = LEFT;
        for (Map.Entry<String, List<Double>> entry : groups.entrySet()) {
            List<Double> values = entry.getValue();
            for (int n = 0; n < values.size(); n++) {
                bar(svg, percent, x + n * BAR, values.get(n), COLOURS.get(n));
            }
            svg.text(x + series.size() * BAR / 2.0, TOP + HEIGHT + 18, "middle", entry.getKey());
            x += group;
        }
        return svg.toSvg();
    }

    private static void bar(SvgDrawing svg, PlotAxis percent, int x, double value, String colour) {
        double height = Double.isFinite(value) ? percent.at(value) : 0;
        svg.bar(x, TOP + HEIGHT - height, BAR, height, colour);
        svg.text(x + BAR / 2.0, TOP + HEIGHT - height - 4, "middle", String.format(Locale.ROOT, "%.0f", value));
    }
}
