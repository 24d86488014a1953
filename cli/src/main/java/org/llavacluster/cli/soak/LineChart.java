package org.llavacluster.cli.soak;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.llavacluster.cli.bench.PlotAxis;
import org.llavacluster.cli.bench.SvgDrawing;

/**
 * Curves over minutes.
 *
 * @param curves by name, as the legend shows it; at least one, none empty
 */
record LineChart(String title, Map<String, TimeSeries> curves) {

    private static final int WIDTH = 560;
    private static final int HEIGHT = 260;
    private static final int LEFT = 70;
    private static final int RIGHT = 130;
    private static final int TOP = 40;
    private static final int BOTTOM = 40;
    private static final List<String> COLOURS =
            List.of("#1f5fbf", "#c0392b", "#2e8b57", "#8e5ea2", "#b8860b", "#555555");

    /** Charts below each other in two columns. */
    static String sheet(String title, List<LineChart> charts) {
        int head = 40;
        SvgDrawing svg = new SvgDrawing(2 * WIDTH, head + (charts.size() + 1) / 2 * HEIGHT);
        svg.text(WIDTH, 26, "middle", title);
        for (int i = 0; i < charts.size(); i++) {
            charts.get(i).draw(svg, i % 2 * WIDTH, head + i / 2 * HEIGHT);
        }
        return svg.toSvg();
    }

    private void draw(SvgDrawing svg, int left, int top) {
        PlotAxis x = PlotAxis.fromZero(most(TimeSeries.Point::minutes), WIDTH - LEFT - RIGHT);
        double least = -most(point -> -point.value());
        PlotAxis y = PlotAxis.between(least, most(TimeSeries.Point::value), HEIGHT - TOP - BOTTOM);
        svg.text(left + LEFT, top + 20, "start", title + ", over minutes");
        svg.grid(x, y, left + LEFT, top + TOP);
        double bottom = top + TOP + y.pixels();
        int number = 0;
        for (Map.Entry<String, TimeSeries> curve : curves.entrySet()) {
            String colour = COLOURS.get(number % COLOURS.size());
            svg.curve(
                    curve.getValue().points().stream()
                            .map(point -> String.format(
                                    Locale.ROOT,
                                    "%.1f,%.1f",
                                    left + LEFT + x.at(point.minutes()),
                                    bottom - y.at(point.value())))
                            .collect(Collectors.joining(" ")),
                    colour);
            svg.circle(left + WIDTH - RIGHT + 14, top + TOP + 10 + 20 * number, colour);
            svg.text(left + WIDTH - RIGHT + 24, top + TOP + 14 + 20 * number, "start", curve.getKey());
            number++;
        }
    }

    private double most(ToDoubleFunction<TimeSeries.Point> value) {
        return curves.values().stream()
                .flatMap(curve -> curve.points().stream())
                .mapToDouble(value)
                .max()
                .orElse(0);
    }
}
