package org.llavacluster.cli.bench;

import java.util.Collection;
import java.util.List;

/** Measured values in ascending order. */
public record SortedValues(List<Double> values) {

    public SortedValues {
        values = values.stream().sorted().toList();
    }

    public static SortedValues of(Collection<Double> values) {
        return new SortedValues(List.copyOf(values));
    }

    /** The smallest value that at least that share of them does not exceed; NaN without values. */
    public double percentile(double share) {
        if (values.isEmpty()) {
            return Double.NaN;
        }
        return values.get(Math.clamp((int) Math.ceil(share * values.size()) - 1, 0, values.size() - 1));
    }

    public double median() {
        return percentile(0.5);
    }

    public int count() {
        return values.size();
    }
}
