package org.llavacluster.decoder.service;

import org.llavacluster.decoder.scheduler.SchedulerLimits;
import org.llavacluster.node.config.DecoderProperties;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.Settings;

/** Reads the scheduler's limits from the properties of the process. */
final class SchedulerSettings {

    private SchedulerSettings() {}

    /** All limits but that of kept rows, which depends on the model. */
    static SchedulerLimits read(Settings settings) {
        return new SchedulerLimits(
                settings.integer(DecoderProperties.MAX_RUNNING),
                settings.integer(DecoderProperties.MAX_WAITING),
                settings.integer(DecoderProperties.PREFILL_ROWS),
                settings.get(DecoderProperties.PREFILL_TIME).toNanos(),
                FixedLimits.OUTBOX_TOKENS.intValue(),
                settings.integer(DecoderProperties.RESERVED_TOKENS),
                0);
    }

    /** How many rows of that many float32 values fit. */
    static int keptRows(long bytes, int hidden) {
        return (int) Math.min(Integer.MAX_VALUE, bytes / ((long) hidden * Float.BYTES));
    }
}
