package org.llavacluster.cli.bench;

import java.util.Locale;

/** An SVG document under construction: a white sheet with lines, circles and text. */
public final class SvgDrawing {

    private final StringBuilder svg;

    public SvgDrawing(int width, int height) {
        svg = new StringBuilder("""
                <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" font-family="sans-serif" font-size="12">
                <rect width="100%%" height="100%%" fill="white"/>
                """.formatted(width, height));
    }

    /** The grid of two axes with the values of its lines; its left upper corner lies at those pixels. */
    public void grid(PlotAxis x, PlotAxis y, double left, double top) {
        double bottom = top + y.pixels();
        x.ticks().forEach(tick -> {
            line(left + x.at(tick), top, left + x.at(tick), bottom);
            text(left + x.at(tick), bottom + 18, "middle", PlotAxis.written(tick));
        });
        y.ticks().forEach(tick -> {
            line(left, bottom - y.at(tick), left + x.pixels(), bottom - y.at(tick));
            text(left - 8, bottom - y.at(tick) + 4, "end", PlotAxis.written(tick));
        });
    }

    /** @param anchor {@code start}, {@code middle} or {@code end}: what of the text lies at the point */
    public void text(double x, double y, String anchor, String text) {
        String escaped = text.replace("&", "&amp;").replace("<", "&lt;");
        add("<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>%n", x, y, anchor, escaped);
    }

    /** Text that reads from below to above, around a point. */
    public void upright(int x, int y, String text) {
        add("<g transform=\"translate(%d %d) rotate(-90)\">", x, y);
        text(0, 0, "middle", text);
        svg.append("</g>\n");
    }

    public void circle(double x, double y, String colour) {
        add("<circle cx=\"%.1f\" cy=\"%.1f\" r=\"5\" fill=\"%s\"/>%n", x, y, colour);
    }

    /** A filled rectangle; its left upper corner lies at the point. */
    public void bar(double x, double y, double width, double height, String colour) {
        add("<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n", x, y, width, height, colour);
    }

    /** @param points pairs of x and y, as SVG has them in {@code points} */
    public void curve(String points, String colour) {
        add("<polyline points=\"%s\" fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\"/>%n", points, colour);
    }

    /** The whole document. */
    public String toSvg() {
        return svg + "</svg>\n";
    }

    private void line(double x1, double y1, double x2, double y2) {
        add("<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#ccc\"/>%n", x1, y1, x2, y2);
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
