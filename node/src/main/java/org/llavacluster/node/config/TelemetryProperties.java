package org.llavacluster.node.config;

import java.util.regex.Pattern;

/** Where every process exports its traces to. */
public final class TelemetryProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Traces");

    public static final Property<String> OTLP_ENDPOINT = GROUP.text(
                    "llava.telemetry.otlp-endpoint",
                    Pattern.compile("https?://[^\\s/?#]+(/[^\\s?#]*)?"),
                    "be a URL such as http://collector:4318",
                    "an `http` or `https` URL")
            .meaning("Export traces over OTLP/HTTP to this OpenTelemetry collector, such as `http://collector:4318`; "
                    + "the path `/v1/traces` is added. Without it nothing is exported.");

    public static final Property<Long> SAMPLED_PERCENT = GROUP.wholeNumber("llava.telemetry.sampled-percent", 0, 100)
            .otherwise(100L)
            .meaning("How many of the requests that come without a `traceparent` the gateway traces. With one, its "
                    + "flag decides.");

    private TelemetryProperties() {}
}
