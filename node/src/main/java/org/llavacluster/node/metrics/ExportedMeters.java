package org.llavacluster.node.metrics;

import io.micrometer.core.instrument.config.MeterFilter;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;

/** Leaves out meters of libraries that cannot be written in all formats. */
@Singleton
class ExportedMeters {

    /** A timer of open connections, whose samples no type of OpenMetrics has. Their number is a gauge of its own. */
    private static final String CONNECTION_TIMER = "http.server.connections";

    @Produces
    @Singleton
    MeterFilter withoutConnectionTimer() {
        return MeterFilter.deny(meter -> meter.getName().equals(CONNECTION_TIMER));
    }
}
