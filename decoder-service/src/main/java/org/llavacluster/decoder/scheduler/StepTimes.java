package org.llavacluster.decoder.scheduler;

/** What steps cost, learnt from those that ran. */
public final class StepTimes {

    private static final double WEIGHT_OF_NEWEST = 0.2;

    private double decodeNanos; // of a step of decode rows alone; 0 until there was one
    private double nanosPerPrefillRow; // on top of the decode rows; 0 until there was one
    private double nanosPerToken; // between two tokens of one stream; 0 until there was one

    void record(Step step, long elapsedNanos) {
        int prefillRows = step.prefillRows();
        if (step.decodeRows() > 0) {
            nanosPerToken = average(nanosPerToken, elapsedNanos);
        }
        if (prefillRows == 0) {
            decodeNanos = average(decodeNanos, elapsedNanos);
            return;
        }
        double shared = step.decodeRows() > 0 ? Math.min(decodeNanos, elapsedNanos / 2.0) : 0;
        nanosPerPrefillRow = average(nanosPerPrefillRow, (elapsedNanos - shared) / prefillRows);
    }

    /** How many prompt rows fit that time; {@code unknown} while nothing was measured. */
    int rowsWithin(long nanos, int unknown) {
        return nanosPerPrefillRow == 0 ? unknown : (int) Math.min(Integer.MAX_VALUE, nanos / nanosPerPrefillRow);
    }

    /** Prompt rows per second; 0 until some were computed. */
    public double prefillRowsPerSecond() {
        return nanosPerPrefillRow == 0 ? 0 : 1e9 / nanosPerPrefillRow;
    }

    /** Tokens per second of one stream; 0 until some were generated. */
    public double tokensPerSecond() {
        return nanosPerToken == 0 ? 0 : 1e9 / nanosPerToken;
    }

    private static double average(double old, double newest) {
        return old == 0 ? newest : old + WEIGHT_OF_NEWEST * (newest - old);
    }
}
