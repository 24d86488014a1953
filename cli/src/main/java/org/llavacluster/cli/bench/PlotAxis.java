package org.llavacluster.cli.bench;

import java.util.Locale;
import java.util.stream.DoubleStream;

/**
 * An axis of a plot, in steps of 1, 2 or 5 times a power of ten.
 *
 * @param pixels from {@code start} to {@code end}
 */
public record PlotAxis(double start, double step, double end, int pixels) {

    private static final int MOST_STEPS = 6;

    /** From zero up to a value or a little more. */
    public static PlotAxis fromZero(double most, int pixels) {
        return between(0, most, pixels);
    }

    /** Around all values from the least to the most. */
    public static PlotAxis between(double least, double most, int pixels) {
        double range = most > least ? most - least : Math.max(Math.abs(most), 1);
        double step = step(range / MOST_STEPS);
        double start = Math.floor(least / step) * step;
        return new PlotAxis(start, step, Math.max(start + step, Math.ceil(most / step) * step), pixels);
    }

    private static double step(double least) {
        double power = Math.pow(10, Math.floor(Math.log10(least)));
        double step = 10 * power;
        for (int factor : new int[] {5, 2, 1}) {
            step = factor * power >= least ? factor * power : step;
        }
        return step;
    }

    /** Pixels from the start to a value. */
    public double at(double value) {
        return (value - start) / (end - start) * pixels;
    }

    /** Where lines of a grid are drawn. */
    public DoubleStream ticks() {
        return DoubleStream.iterate(start, tick -> tick <= end + step / 1000, tick -> tick + step);
    }

    /** A tick without digits that say nothing. */
    public static String written(double tick) {
        return String.format(Locale.ROOT, "%.6f", tick).replaceFirst("\\.?0+$", "");
    }
}
