package org.llavacluster.decoder.scheduler;

/**
 * What a step with prompt rows takes, {@code fixed + perRow * rows}: weights are read and made floats once for all rows, so a row
 * is the dearer the fewer there are. Weighted least squares over recent steps. One that takes twice as long as expected weighs a
 * quarter, for it may have waited for others; after one that takes half as long, those before weigh a quarter, for they may stem
 * from cold code.
 *
 * <p>Steps of one size do not tell the two coefficients apart. Both are drawn towards a line through the origin, as if all
 * sizes were spread a little more than they are, and along that line.
 */
final class RowCost {

    /** Of a step's weight, at the step after it. */
    private static final double REMEMBERED = 0.8;

    /** Least that is left of a weight for being off. */
    private static final double LEAST_WEIGHT = 0.01;

    /** Squared spread of sizes, in parts of the squared mean, that counts as much as the line through the origin: 5 %. */
    private static final double LITTLE_SPREAD = 0.05 * 0.05;

    // Sums over the steps, weighted.
    private double weights;
    private double rowsSum;
    private double nanosSum;
    private double squaresSum; // of rows
    private double productsSum; // of rows and nanos

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

    /** Whether no step was recorded; then nothing else may be asked. */
    boolean isUnknown() {
        return weights == 0;
    }

    /** Never negative; 0 where larger steps took no longer. */
    double nanosPerRow() {
        double meanRows = meanRows();
        double meanNanos = meanNanos();
        double variance = squaresSum / weights - meanRows * meanRows;
        double covariance = productsSum / weights - meanRows * meanNanos;
        double slope = (covariance + LITTLE_SPREAD * meanRows * meanNanos)
                / (Math.max(0, variance) + LITTLE_SPREAD * meanRows * meanRows);
        return Math.clamp(slope, 0, meanNanos / meanRows);
    }

    /** Of a step of that many rows. */
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
