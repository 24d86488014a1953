package org.llavacluster.cli.bench;

import java.util.List;
import java.util.function.ToDoubleFunction;

/** Labelled points over two axes from zero, as SVG. */
public record ScatterPlot(String title, String xAxis, String yAxis, List<Point> points) {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 120;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;

    public record Point(String label, double x, double y) {}

    public ScatterPlot {
        points = List.copyOf(points);
    }

    public String toSvg() {
        PlotAxis x = axis(Point::x, WIDTH - LEFT - RIGHT);
        PlotAxis y = axis(Point::y, HEIGHT - TOP - BOTTOM);
        SvgDrawing svg = new SvgDrawing(WIDTH, HEIGHT);
        svg.text(WIDTH / 2.0, 24, "middle", title);
        svg.grid(x, y, LEFT, TOP);
        svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16.0, "middle", xAxis);
        svg.upright(22, (TOP + HEIGHT - BOTTOM) / 2, yAxis);
        for (Point point : points) {
            double px = LEFT + x.at(point.x);
            double py = HEIGHT - BOTTOM - y.at(point.y);
            svg.circle(px, py, "#1f5fbf");
            svg.text(px + 9, py + 4, "start", point.label);
        }
        return svg.toSvg();
    }

    private PlotAxis axis(ToDoubleFunction<Point> value, int pixels) {
        return PlotAxis.fromZero(points.stream().mapToDouble(value).max().orElse(1), pixels);
    }
}
