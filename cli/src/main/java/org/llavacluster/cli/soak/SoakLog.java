package org.llavacluster.cli.soak;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;

/**
 * How the requests of a soak ended, minute by minute. Times are counted from when a request was due, not from when it
 * was sent: a client that falls behind must not hide how long its requests waited.
 */
final class SoakLog {

    private static final int SIGNIFICANT_DIGITS = 3;

    /** More are the same fault again. */
    private static final int MOST_WRONG = 20;

    private final Map<Integer, Minute> minutes = new TreeMap<>();
    private final Map<String, String> firstAnswers = new HashMap<>();
    private final Map<String, Long> errors = new TreeMap<>();
    private final Map<SoakKind, Long> ended = new TreeMap<>();
    private final List<String> wrong = new ArrayList<>();
    private long compared;

    private static final class Minute {
        private final Histogram firstToken = new Histogram(SIGNIFICANT_DIGITS);
        private final Histogram answer = new Histogram(SIGNIFICANT_DIGITS);
        private final Map<String, Long> errors = new TreeMap<>();
        private long answers;
        private long left;
        private long refused;
    }

    /**
     * A request has ended.
     *
     * @param start of the soak, by the clock, as the other times are
     */
    synchronized void ended(SoakRequest request, SoakOutcome outcome, long start, long due, long now) {
        Minute minute = minute(start, now);
        this.ended.merge(request.kind(), 1L, Long::sum);
        switch (request) {
            case SoakRequest.Ask ask -> asked(ask, outcome, minute, due, now);
            case SoakRequest.Wrong refused -> refused(refused, outcome, minute);
        }
    }

    /** A request was due and not sent, because too many had not ended. */
    synchronized void notSent(SoakRequest request, long start, long now) {
        error(minute(start, now), request, "not sent");
    }

    private Minute minute(long start, long now) {
        return minutes.computeIfAbsent((int) ((now - start) / 60_000_000_000L), _ -> new Minute());
    }

    private void asked(SoakRequest.Ask ask, SoakOutcome outcome, Minute minute, long due, long now) {
        switch (outcome) {
            case SoakOutcome.Answered answered -> {
                minute.answers++;
                minute.answer.recordValue(Math.max(0, (now - due) / 1000));
                answered.firstTokenNanos()
                        .ifPresent(token -> minute.firstToken.recordValue(Math.max(0, (token - due) / 1000)));
                compare(ask, answered.text());
            }
            case SoakOutcome.Left() -> minute.left++;
            case SoakOutcome.Refused refused -> {
                error(minute, ask, refused.code());
                if (!refused.isLoad()) {
                    wrong(describe(ask) + " ended with " + refused.code());
                }
            }
            case SoakOutcome.WrongEnd end -> {
                error(minute, ask, "wrong end");
                wrong(describe(ask) + " did not end exactly once: " + end.what());
            }
        }
    }

    private void refused(SoakRequest.Wrong request, SoakOutcome outcome, Minute minute) {
        switch (outcome) {
            case SoakOutcome.Refused refused when refused.isCallersFault() -> minute.refused++;
            case SoakOutcome.Refused refused when refused.isLoad() -> error(minute, request, refused.code());
            case SoakOutcome.Refused refused -> unexpected(request, minute, refused.code());
            case SoakOutcome.Answered answered -> unexpected(request, minute, "an answer");
            case SoakOutcome.Left() -> unexpected(request, minute, "no end");
            case SoakOutcome.WrongEnd end -> unexpected(request, minute, end.what());
        }
    }

    private void unexpected(SoakRequest.Wrong request, Minute minute, String end) {
        error(minute, request, end);
        wrong("the wrong request " + request.what() + " ended with " + end + " instead of a refusal");
    }

    private void compare(SoakRequest.Ask ask, String text) {
        ask.name().ifPresent(name -> {
            String first = firstAnswers.putIfAbsent(name, text);
            if (first != null) {
                compared++;
                if (!first.equals(text)) {
                    wrong(name + " over " + ask.protocol() + " was answered in other words than the first time");
                }
            }
        });
    }

    private static String describe(SoakRequest.Ask ask) {
        return ask.name().orElse(ask.kind().toString()) + " over " + ask.protocol();
    }

    private void error(Minute minute, SoakRequest request, String code) {
        String kind = request.kind() + " " + request.protocol() + " " + code;
        errors.merge(kind, 1L, Long::sum);
        minute.errors.merge(kind, 1L, Long::sum);
    }

    private void wrong(String what) {
        if (wrong.size() < MOST_WRONG && !wrong.contains(what)) {
            wrong.add(what);
        }
    }

    /** Everything that must not happen and did; the first few of it. */
    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** By kind of request, protocol and code; those that were wanted left out. */
    synchronized Map<String, Long> errors() {
        return new TreeMap<>(errors);
    }

    /** How many requests of each kind have ended. */
    synchronized Map<SoakKind, Long> endedByKind() {
        return new TreeMap<>(ended);
    }

    /** Answers that were held against the first one of the same request. */
    synchronized long compared() {
        return compared;
    }

    synchronized List<MinuteFigures> minutes() {
        List<MinuteFigures> figures = new ArrayList<>();
        minutes.forEach((number, minute) -> figures.add(new MinuteFigures(
                number,
                minute.answers,
                minute.left,
                minute.refused,
                minute.errors,
                latency(minute.firstToken),
                latency(minute.answer))));
        return figures;
    }

    private static MinuteFigures.Latency latency(Histogram micros) {
        return new MinuteFigures.Latency(percentile(micros, 50), percentile(micros, 99));
    }

    private static OptionalDouble percentile(Histogram micros, double percent) {
        return micros.getTotalCount() == 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(micros.getValueAtPercentile(percent) / 1e3);
    }
}
