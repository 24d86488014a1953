package org.llavacluster.cli.bench;

import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/** Labelled points over two axes from zero, as SVG. */
public record ScatterPlot(String title, String xAxis, String yAxis, List<Point> points) {

    private static final int WIDTH = 720;
    private static final int HEIGHT = 440;
    private static final int LEFT = 80;
    private static final int RIGHT = 120;
    private static final int TOP = 50;
    private static final int BOTTOM = 60;
    private static final int MOST_TICKS = 6;

    public record Point(String label, double x, double y) {}

    public ScatterPlot {
        points = List.copyOf(points);
    }

    public String toSvg() {
        Axis x = axis(Point::x, WIDTH - LEFT - RIGHT);
        Axis y = axis(Point::y, HEIGHT - TOP - BOTTOM);
        StringBuilder svg = new StringBuilder("""
            <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
            <rect width="100%%" height="100%%" fill="white"/>
            """.formatted(WIDTH, HEIGHT));
        text(svg, WIDTH / 2.0, 24, "middle", title);
        for (double tick = 0; tick <= x.end() * 1.001; tick += x.step()) {
            line(svg, LEFT + x.at(tick), TOP, LEFT + x.at(tick), HEIGHT - BOTTOM);
            text(svg, LEFT + x.at(tick), HEIGHT - BOTTOM + 18.0, "middle", written(tick));
        }
        for (double tick = 0; tick <= y.end() * 1.001; tick += y.step()) {
            double height = HEIGHT - BOTTOM - y.at(tick);
            line(svg, LEFT, height, WIDTH - RIGHT, height);
            text(svg, LEFT - 8.0, height + 4, "end", written(tick));
        }
        text(svg, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 16.0, "middle", xAxis);
        svg.append("<g transform=\"translate(22 %d) rotate(-90)\">".formatted((TOP + HEIGHT - BOTTOM) / 2));
        text(svg, 0, 0, "middle", yAxis);
        svg.append("</g>\n");
        for (Point point : points) {
            double px = LEFT + x.at(point.x);
            double py = HEIGHT - BOTTOM - y.at(point.y);
            svg.append(
                    String.format(Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"#1f5fbf\"/>%n", px, py));
            text(svg, px + 9, py + 4, "start", point.label);
        }
        return svg.append("</svg>\n").toString();
    }

    /** An axis from zero to {@code end} with round steps, over that many pixels. */
    private record Axis(double step, double end, int pixels) {

        double at(double value) {
            return value / end * pixels;
        }
    }

    private Axis axis(ToDoubleFunction<Point> value, int pixels) {
        double most = points.stream().mapToDouble(value).max().orElse(1);
        double least = most / MOST_TICKS;
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double step = 10 * power;
        for (int factor : new int[] {5, 2, 1}) {
            step = factor * power >= least ? factor * power : step;
        }
        return new Axis(step, Math.ceil(most / step) * step, pixels);
    }

    private static String written(double tick) {
        return String.format(Locale.ROOT, "%.6f", tick).replaceFirst("\\.?0+$", "");
    }

    private static void line(StringBuilder svg, double x1, double y1, double x2, double y2) {
        svg.append(String.format(
                Locale.ROOT,
                "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ccc\"/>%n",
                x1,
                y1,
                x2,
                y2));
    }

    private static void text(StringBuilder svg, double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        svg.append(String.format(
                Locale.ROOT, "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped));
    }
}
