package org.llavacluster.cli.soak;

import java.time.Duration;

/** How a client reads a streamed answer. */
sealed interface SoakReading {

    /** As it comes. */
    record Whole() implements SoakReading {}

    /** With a pause after each event. */
    record Slowly(Duration pause) implements SoakReading {}

    /** Not beyond that many events. */
    record Leaving(int events) implements SoakReading {}
}
