package org.llavacluster.cli.soak;

import java.util.List;
import java.util.OptionalDouble;

/** A figure that was looked at again and again, in the order of time. */
record TimeSeries(List<Point> points) {

    /** @param minutes since the soak began */
    record Point(double minutes, double value) {}

    TimeSeries {
        points = List.copyOf(points);
    }

    /**
     * How fast it rises, per minute: the slope of the straight line with the least squares of distances.
     *
     * @param minutes what came before that is left out
     * @return empty if fewer than two points at different times are left
     */
    OptionalDouble slopeAfter(double minutes) {
        List<Point> kept =
                points.stream().filter(point -> point.minutes >= minutes).toList();
        double meanTime = kept.stream().mapToDouble(Point::minutes).average().orElse(0);
        double meanValue = kept.stream().mapToDouble(Point::value).average().orElse(0);
        double covariance = 0;
        double variance = 0;
        for (Point point : kept) {
            double time = point.minutes - meanTime;
            covariance += time * (point.value - meanValue);
            variance += time * time;
        }
        return variance == 0 ? OptionalDouble.empty() : OptionalDouble.of(covariance / variance);
    }

    double last() {
        return points.getLast().value;
    }

    double most() {
        return points.stream().mapToDouble(Point::value).max().orElse(Double.NaN);
    }
}
