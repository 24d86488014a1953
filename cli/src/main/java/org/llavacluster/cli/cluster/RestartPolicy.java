package org.llavacluster.cli.cluster;

import java.time.Duration;
import java.util.ArrayDeque;

/**
 * When a service that ended is restarted, and when it is given up. The delay doubles with each end within a minute.
 * Takes the time as an argument.
 */
final class RestartPolicy {

    static final Duration WINDOW = Duration.ofMinutes(1);
    static final int MOST_ENDS = 5;

    private static final Duration FIRST_DELAY = Duration.ofMillis(250);
    private static final Duration LONGEST_DELAY = Duration.ofSeconds(8);

    /** What to do after an end. */
    sealed interface Decision {

        record StartAgain(Duration delay) implements Decision {}

        /**
         * @param reason continues a sentence that begins with the service
         */
        record GiveUp(String reason) implements Decision {}
    }

    private final ArrayDeque<Long> ends = new ArrayDeque<>();

    /** Consecutive ends of processes that never served, however long each took. */
    private int failedStarts;

    /**
     * The service ended.
     *
     * @param now in nanoseconds of a monotonic clock
     * @param served whether it had been ready
     */
    Decision ended(long now, boolean served) {
        ends.addLast(now);
        while (now - ends.getFirst() > WINDOW.toNanos()) {
            ends.removeFirst();
        }
        failedStarts = served ? 0 : failedStarts + 1;
        if (ends.size() > MOST_ENDS) {
            return new Decision.GiveUp("ended " + ends.size() + " times within " + WINDOW.toSeconds() + " s");
        }
        if (failedStarts > MOST_ENDS) {
            return new Decision.GiveUp("ended " + failedStarts + " times in a row before it served");
        }
        return new Decision.StartAgain(delay(Math.max(ends.size(), failedStarts)));
    }

    private static Duration delay(int ends) {
        Duration doubled = FIRST_DELAY.multipliedBy(1L << (ends - 1));
        return doubled.compareTo(LONGEST_DELAY) < 0 ? doubled : LONGEST_DELAY;
    }
}
