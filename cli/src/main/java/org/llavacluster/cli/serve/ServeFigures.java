package org.llavacluster.cli.serve;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What one rate of requests led to. Times count from when requests were due, so that a sender that falls behind does
 * not hide the waits of its requests (coordinated omission). Thread-safe until it is read.
 */
public final class ServeFigures {

    private static final int SIGNIFICANT_DIGITS = 3;
    private static final double MICROSECONDS = 1e3;

    private final double offered;
    private final double seconds;
    private final ServeObjective objective;

    // In microseconds.
    private final Histogram late = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram encoded = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram firstToken = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram perToken = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram total = new Histogram(SIGNIFICANT_DIGITS);
    private final Histogram refusals = new Histogram(SIGNIFICANT_DIGITS);

    private final List<String> failures = new ArrayList<>();
    private Map<String, Object> stages = Map.of();
    private long sent;
    private long good;
    private long left;

    /**
     * @param offered requests per second on average
     * @param seconds in which requests were due
     */
    ServeFigures(double offered, double seconds, ServeObjective objective) {
        this.offered = offered;
        this.seconds = seconds;
        this.objective = objective;
    }

    /** A request was sent, so long after it was due. */
    synchronized void sent(long lateNanos) {
        sent++;
        record(late, lateNanos);
    }

    synchronized void ended(ServeEnd end) {
        switch (end) {
            case ServeEnd.Answered answer -> answered(answer);
            case ServeEnd.Refused(long nanos) -> record(refusals, nanos);
            case ServeEnd.Left() -> left++;
            case ServeEnd.Failed(String reason) -> failures.add(reason);
        }
    }

    private void answered(ServeEnd.Answered answer) {
        good += objective.isMet(answer) ? 1 : 0;
        if (answer.encodedNanos() > 0) {
            record(encoded, answer.encodedNanos());
        }
        record(firstToken, answer.firstTokenNanos());
        if (answer.tokens() > 1) {
            record(perToken, (long) answer.nanosPerToken());
        }
        record(total, answer.totalNanos());
    }

    private static void record(Histogram micros, long nanos) {
        micros.recordValue(Math.max(0, Math.round(nanos / MICROSECONDS)));
    }

    /** Times of the stages in the processes meanwhile, by the names of columns. */
    void stages(Map<String, Object> columns) {
        stages = columns;
    }

    /** Requests per second. */
    public double offered() {
        return offered;
    }

    /** Answers per second that met the objective. */
    public double goodput() {
        return good / seconds;
    }

    /** In milliseconds; NaN without an answer. */
    public double firstTokenMillis(double percent) {
        return millis(firstToken, percent);
    }

    /** Why requests ended otherwise than with an answer, a refusal or the leave of their clients. */
    public List<String> failures() {
        return List.copyOf(failures);
    }

    /** A row of the table. */
    public Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("offered_per_s", offered);
        row.put("goodput_per_s", goodput());
        row.put("sent", sent);
        row.put("answered", total.getTotalCount());
        row.put("refused", refusals.getTotalCount());
        row.put("left", left);
        row.put("failed", failures.size());
        add(row, "ttft", firstToken);
        add(row, "tpot", perToken);
        add(row, "total", total);
        add(row, "images_encoded", encoded);
        row.put("refusal_p99_ms", orNull(millis(refusals, 99)));
        row.put("sent_late_p99_ms", orNull(millis(late, 99)));
        row.putAll(stages);
        return row;
    }

    private static void add(Map<String, Object> row, String name, Histogram micros) {
        row.put(name + "_p50_ms", orNull(millis(micros, 50)));
        row.put(name + "_p90_ms", orNull(millis(micros, 90)));
        row.put(name + "_p99_ms", orNull(millis(micros, 99)));
    }

    private static double millis(Histogram micros, double percent) {
        return micros.getTotalCount() == 0 ? Double.NaN : micros.getValueAtPercentile(percent) / MICROSECONDS;
    }

    private static Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
