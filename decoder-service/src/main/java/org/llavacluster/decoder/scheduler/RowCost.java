package org.llavacluster.decoder.scheduler;

/**
 * Learns the time of a step with prompt rows as {@code fixed + perRow * rows}. The fixed part exists because weights
 * are read and converted to floats once for all rows. The method is weighted least squares over recent steps. A step
 * that takes twice as long as expected weighs a quarter, because it may have waited for other processes. After a step
 * that takes half as long as expected, all earlier ones weigh a quarter, because they may have run code that was not
 * compiled yet.
 *
 * <p>Steps of a single size do not determine both coefficients. Both are therefore drawn towards a line through the
 * origin, as if the sizes were spread slightly more than they are, along that line.
 */
final class RowCost {

    /** Factor on a step's weight with each later step. */
    private static final double REMEMBERED = 0.8;

    /** Smallest factor on the weight of a step that is far off. */
    private static final double LEAST_WEIGHT = 0.01;

    /**
     * Squared spread of sizes, relative to the squared mean, that weighs as much as the line through the origin: 5 %.
     */
    private static final double LITTLE_SPREAD = 0.05 * 0.05;

    // Weighted sums over the steps.
    private double weights;
    private double rowsSum;
    private double nanosSum;
    private double squaresSum; // of rows
    private double productsSum; // of rows and nanoseconds

    void record(int rows, long elapsedNanos) {
        double nanos = Math.max(1, elapsedNanos);
        double expected = isUnknown() ? nanos : nanos(rows);
        double weight = weight(expected / nanos);
        double remembered = REMEMBERED * weight(nanos / expected);
        weights = remembered * weights + weight;
        rowsSum = remembered * rowsSum + weight * rows;
        nanosSum = remembered * nanosSum + weight * nanos;
        squaresSum = remembered * squaresSum + weight * rows * rows;
        productsSum = remembered * productsSum + weight * rows * nanos;
    }

    /** Whether no step was recorded; then no other method may be called. */
    boolean isUnknown() {
        return weights == 0;
    }

    /** Nanoseconds per row; never negative, 0 if larger steps took no longer. */
    double nanosPerRow() {
        double meanRows = meanRows();
        double meanNanos = meanNanos();
        double variance = squaresSum / weights - meanRows * meanRows;
        double covariance = productsSum / weights - meanRows * meanNanos;
        double slope = (covariance + LITTLE_SPREAD * meanRows * meanNanos)
                / (Math.max(0, variance) + LITTLE_SPREAD * meanRows * meanRows);
        return Math.clamp(slope, 0, meanNanos / meanRows);
    }

    /** Nanoseconds of a step of that many rows. */
    double nanos(int rows) {
        return meanNanos() + nanosPerRow() * (rows - meanRows());
    }

    double meanRows() {
        return rowsSum / weights;
    }

    private static double weight(double ratio) {
        return Math.clamp(ratio * ratio, LEAST_WEIGHT, 1);
    }

    private double meanNanos() {
        return nanosSum / weights;
    }
}
