package org.llavacluster.decoder.scheduler;

/** Learns what steps cost from those that ran. */
public final class StepTimes {

    private static final double WEIGHT_OF_NEWEST = 0.2;

    /** Multiple of the usual step size up to which the learnt cost is trusted. */
    private static final int BELIEVED = 4;

    private final int chunkRows;
    private final RowCost withPrompts = new RowCost(); // of steps with prompt rows, all their rows counted
    private double decodeNanos; // of a step of decode rows alone; 0 until there was one
    private double nanosPerToken; // between two tokens of one stream; 0 until there was one

    /**
     * @param chunkRows prompt rows of a large step, for which the prefill rate is reported
     */
    StepTimes(int chunkRows) {
        this.chunkRows = chunkRows;
    }

    void record(Step step, long elapsedNanos) {
        int decodeRows = step.decodeRows();
        int prefillRows = step.prefillRows();
        if (decodeRows > 0) {
            nanosPerToken = average(nanosPerToken, elapsedNanos);
        }
        if (prefillRows == 0) {
            decodeNanos = average(decodeNanos, elapsedNanos);
        } else {
            withPrompts.record(prefillRows + decodeRows, elapsedNanos);
        }
    }

    /**
     * How many prompt rows lengthen a step of {@code decodeRows} by no more than {@code nanos}; {@code unknown} before
     * the first measurement.
     *
     * @param decodeRows decode rows of the step, one per stream
     */
    int rowsWithin(long nanos, int decodeRows, int unknown) {
        if (withPrompts.isUnknown()) {
            return unknown;
        }
        double perRow = withPrompts.nanosPerRow();
        double withoutPrompts = decodeNanos == 0 ? perRow * decodeRows : decodeNanos;
        double fixed = Math.max(0, withPrompts.nanos(decodeRows) - withoutPrompts);
        if (fixed >= nanos) {
            return 0;
        }
        return (int) Math.min(BELIEVED * withPrompts.meanRows(), (nanos - fixed) / perRow);
    }

    /** Prompt rows per second in large steps; 0 until some were computed. */
    public double prefillRowsPerSecond() {
        return withPrompts.isUnknown() ? 0 : 1e9 * chunkRows / withPrompts.nanos(chunkRows);
    }

    /** Tokens per second of one stream; 0 until some were generated. */
    public double tokensPerSecond() {
        return nanosPerToken == 0 ? 0 : 1e9 / nanosPerToken;
    }

    private static double average(double old, double newest) {
        return old == 0 ? newest : old + WEIGHT_OF_NEWEST * (newest - old);
    }
}
