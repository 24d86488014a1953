package org.llavacluster.node.config;

import java.time.Duration;

/** How the gateway tells an autoscaler what the roles need. */
public final class ScalingProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Autoscaling: the gateway");

    public static final Property<Boolean> ENABLED = GROUP.flag("llava.scaling")
            .otherwise(false)
            .meaning("Measure how many workers each role needs: as metrics, and for KEDA by its external scaler on the "
                    + "gRPC port.");

    public static final Property<Duration> QUEUE_TIME = GROUP.time(
                    "llava.scaling.queue-time", Duration.ofSeconds(1), Duration.ofHours(1))
            .otherwise(Duration.ofSeconds(10))
            .meaning("Time in which additional workers shall do what is queued.");

    public static final Property<Long> MAX_PARKED = GROUP.wholeNumber("llava.scaling.max-parked", 0, 1 << 16)
            .otherwise(0L)
            .limit(
                    "Requests for a role that was scaled to zero wait in the gateway's memory.",
                    "HTTP 429 `overloaded` with `Retry-After` / RESOURCE_EXHAUSTED.")
            .meaning("Requests that wait, until their deadline, for a role that has no worker. 0 refuses them at once, "
                    + "and the gateway is not ready without a decoder; with more it always is.");

    private ScalingProperties() {}
}
