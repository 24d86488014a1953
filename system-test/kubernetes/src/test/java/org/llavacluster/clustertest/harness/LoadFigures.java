package org.llavacluster.clustertest.harness;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a load pod counted.
 *
 * @param answers that have ended, whole or not
 * @param failed that are not whole
 * @param changed that are whole and differ from the ones before the load
 * @param longestFirstMillis longest time from a question to the first piece of its answer
 * @param longestPauseMillis longest time between two pieces of an answer
 * @param faults lines about what failed or changed
 */
public record LoadFigures(
        long answers, long failed, long changed, long longestFirstMillis, long longestPauseMillis, String faults) {

    private static final Pattern LINE = Pattern.compile(
            "answers=(\\d+) failed=(\\d+) changed=(\\d+) longestFirstMillis=(\\d+) longestPauseMillis=(\\d+)");

    /** Reads the last figures of a log. */
    static LoadFigures read(String log) {
        String faults = String.join(
                "\n",
                log.lines()
                        .filter(line -> line.startsWith("FAILED") || line.startsWith("CHANGED"))
                        .toList());
        Matcher matcher = LINE.matcher(log);
        LoadFigures last = new LoadFigures(0, 0, 0, 0, 0, faults);
        while (matcher.find()) {
            last = new LoadFigures(
                    Long.parseLong(matcher.group(1)),
                    Long.parseLong(matcher.group(2)),
                    Long.parseLong(matcher.group(3)),
                    Long.parseLong(matcher.group(4)),
                    Long.parseLong(matcher.group(5)),
                    faults);
        }
        return last;
    }
}
