package org.llavacluster.decoder.service;

import org.llavacluster.decoder.scheduler.Limits;
import org.llavacluster.node.config.DecoderProperties;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.Settings;

/** The scheduler's limits, from the properties of the process. */
final class SchedulerSettings {

    private SchedulerSettings() {}

    static Limits read(Settings settings) {
        return new Limits(
                settings.integer(DecoderProperties.MAX_RUNNING),
                settings.integer(DecoderProperties.MAX_WAITING),
                settings.integer(DecoderProperties.PREFILL_ROWS),
                settings.get(DecoderProperties.PREFILL_TIME).toNanos(),
                FixedLimits.OUTBOX_TOKENS.intValue(),
                settings.integer(DecoderProperties.RESERVED_TOKENS));
    }
}
