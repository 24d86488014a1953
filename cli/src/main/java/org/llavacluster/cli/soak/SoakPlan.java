package org.llavacluster.cli.soak;

import java.time.Duration;
import java.util.OptionalDouble;

/**
 * How long a soak takes and what it does meanwhile.
 *
 * @param warmUp left out of slopes
 * @param rate requests per second; empty: a share of what one client at a time gets answered
 * @param seed of the requests
 * @param growthLimit megabytes per minute: a process whose resident memory rises so fast or faster has a leak
 */
public record SoakPlan(Duration length, Duration warmUp, OptionalDouble rate, long seed, double growthLimit) {

    public SoakPlan {
        if (warmUp.compareTo(length) >= 0) {
            throw new IllegalArgumentException("a warm-up of " + warmUp + " in a soak of " + length);
        }
    }

    double warmUpMinutes() {
        return warmUp.toMillis() / 60e3;
    }

    double minutes() {
        return length.toMillis() / 60e3;
    }
}
