package org.llavacluster.decoder.service;

import java.time.Duration;
import org.llavacluster.decoder.scheduler.Limits;
import org.llavacluster.node.config.Settings;

/** The scheduler's limits, from the properties of the process. */
final class SchedulerSettings {

    private static final int MOST = 1 << 16;

    /** Enough rows to keep the processor busy, few enough that who comes or cancels meanwhile does not wait long. */
    private static final int DEFAULT_PREFILL_ROWS = 256;

    /** What a reader of text hardly notices between two tokens. */
    private static final Duration DEFAULT_PREFILL_TIME = Duration.ofMillis(200);

    /** Tokens that wait for a reader: enough to bridge a hiccup of the network. */
    private static final int OUTBOX_TOKENS = 64;

    private SchedulerSettings() {}

    static Limits read(Settings settings) {
        return new Limits(
                settings.integer("llava.decoder.max-running", 32, 1, MOST),
                settings.integer("llava.decoder.max-waiting", 64, 0, MOST),
                settings.integer("llava.decoder.prefill-rows", DEFAULT_PREFILL_ROWS, 1, MOST),
                settings.duration(
                                "llava.decoder.prefill-time",
                                DEFAULT_PREFILL_TIME,
                                Duration.ofMillis(1),
                                Duration.ofMinutes(1))
                        .toNanos(),
                OUTBOX_TOKENS,
                settings.integer("llava.decoder.reserved-tokens", 256, 1, MOST));
    }
}
