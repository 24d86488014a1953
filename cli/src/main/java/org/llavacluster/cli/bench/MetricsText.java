package org.llavacluster.cli.bench;

import java.util.OptionalDouble;

/** The metrics of a process in Prometheus' text format. */
public record MetricsText(String text) {

    /** The sum of the samples of that name, whatever their labels; 0 if there is none. */
    public double sum(String name) {
        return sum(name, "");
    }

    /** The sum of the samples of that name whose labels contain that text; 0 if there is none. */
    public double sum(String name, String label) {
        return find(name, label).orElse(0);
    }

    /** As {@link #sum}, empty if there is no such sample. */
    public OptionalDouble find(String name, String label) {
        double[] values = text.lines()
                .filter(line -> isOf(name, line) && line.contains(label))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .toArray();
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(sum);
    }

    /** How many samples there are. */
    public long count() {
        return text.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .count();
    }

    private static boolean isOf(String name, String line) {
        return line.startsWith(name)
                && line.length() > name.length()
                && (line.charAt(name.length()) == '{' || line.charAt(name.length()) == ' ');
    }
}
