package org.llavacluster.cli.soak;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * What the clients saw in one minute.
 *
 * @param minute from 0
 * @param answers whole ones
 * @param errors by kind of request and code, those that were wanted left out
 */
record MinuteFigures(
        int minute,
        long answers,
        long left,
        long refused,
        Map<String, Long> errors,
        Latency firstToken,
        Latency answer) {

    /** Milliseconds, from the time at which a request was due; empty if there was none. */
    record Latency(OptionalDouble p50, OptionalDouble p99) {}

    MinuteFigures {
        errors = new TreeMap<>(errors);
    }

    long errorCount() {
        return errors.values().stream().mapToLong(Long::longValue).sum();
    }

    /** A row of a report. */
    Map<String, Object> row() {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("minute", minute);
        row.put("answers", answers);
        row.put("left", left);
        row.put("refused", refused);
        row.put("errors", errorCount());
        row.put("first_token_p50_ms", orNull(firstToken.p50));
        row.put("first_token_p99_ms", orNull(firstToken.p99));
        row.put("answer_p50_ms", orNull(answer.p50));
        row.put("answer_p99_ms", orNull(answer.p99));
        return row;
    }

    private static Double orNull(OptionalDouble value) {
        return value.isEmpty() ? null : value.getAsDouble();
    }
}
