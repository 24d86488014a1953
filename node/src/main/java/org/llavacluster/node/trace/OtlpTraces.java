package org.llavacluster.node.trace;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.BatchSpanProcessor;
import io.opentelemetry.sdk.trace.samplers.Sampler;
import java.time.Duration;

/** Export of spans over OTLP/HTTP, on a thread of its own. Spans beyond its queue of 2,048 are dropped. */
final class OtlpTraces {

    private static final String PATH = "/v1/traces";
    private static final Duration EVERY = Duration.ofSeconds(1);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private OtlpTraces() {}

    /**
     * @param endpoint URL of the collector, without the path of traces
     * @param role of the process
     * @param id of the process
     * @param percent of the requests without a caller's trace that begin one
     */
    static SdkTracerProvider export(String endpoint, String role, String id, int percent) {
        String base = endpoint.endsWith("/") ? endpoint.substring(0, endpoint.length() - 1) : endpoint;
        OtlpHttpSpanExporter exporter = OtlpHttpSpanExporter.builder()
                .setEndpoint(base + PATH)
                .setTimeout(TIMEOUT)
                .build();
        return SdkTracerProvider.builder()
                .setResource(Resource.getDefault().merge(Resource.create(resource(role, id))))
                .setSampler(Sampler.parentBased(
                        percent == 0 ? Sampler.alwaysOff() : Sampler.traceIdRatioBased(percent / 100.0)))
                .addSpanProcessor(BatchSpanProcessor.builder(exporter)
                        .setScheduleDelay(EVERY)
                        .build())
                .build();
    }

    private static Attributes resource(String role, String id) {
        return Attributes.of(
                AttributeKey.stringKey("service.namespace"),
                "llava-cluster",
                AttributeKey.stringKey("service.name"),
                "llava-" + role,
                AttributeKey.stringKey("service.instance.id"),
                id);
    }
}
