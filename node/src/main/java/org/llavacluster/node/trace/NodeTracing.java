package org.llavacluster.node.trace;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import java.util.concurrent.TimeUnit;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.config.TelemetryProperties;
import org.llavacluster.node.metrics.Stage;

/**
 * The spans of this process. When off, a span records nothing and costs nothing; calls still pass the caller's trace
 * on.
 */
public final class NodeTracing implements AutoCloseable {

    public static final NodeTracing OFF =
            new NodeTracing(TracerProvider.noop().get(NodeTracing.class.getName()), false, () -> {});

    private static final long FLUSH_SECONDS = 2;

    private final Tracer tracer;
    private final boolean on;
    private final Runnable close;

    private NodeTracing(Tracer tracer, boolean on, Runnable close) {
        this.tracer = tracer;
        this.on = on;
        this.close = close;
    }

    /**
     * On if an endpoint is configured.
     *
     * @param role of the process; a gateway begins traces, workers only continue them
     * @param id of the process
     */
    public static NodeTracing of(Settings settings, String role, String id) {
        int percent = role.equals("gateway") ? settings.integer(TelemetryProperties.SAMPLED_PERCENT) : 0;
        return settings.find(TelemetryProperties.OTLP_ENDPOINT)
                .map(endpoint -> of(OtlpTraces.export(endpoint, role, id, percent)))
                .orElse(OFF);
    }

    /** Spans go to that provider, which is closed with this. */
    public static NodeTracing of(SdkTracerProvider provider) {
        return new NodeTracing(provider.get(NodeTracing.class.getName()), true, () -> provider.shutdown()
                .join(FLUSH_SECONDS, TimeUnit.SECONDS));
    }

    /** Whether spans are recorded. */
    public boolean isOn() {
        return on;
    }

    /**
     * Begins a span, which must be ended.
     *
     * @param parent may be invalid; the span is then the first of a trace, if this process begins traces
     */
    public Span begin(String name, SpanKind kind, SpanContext parent) {
        if (!on) {
            return parent.isValid() ? Span.wrap(parent) : Span.getInvalid();
        }
        return tracer.spanBuilder(name)
                .setSpanKind(kind)
                .setParent(Context.root().with(Span.wrap(parent)))
                .startSpan();
    }

    /** Begins the span of a stage. */
    public Span begin(Stage stage, SpanContext parent) {
        return begin(stage.label(), SpanKind.INTERNAL, parent);
    }

    /** Exports what is left, for a short time. */
    @Override
    public void close() {
        close.run();
    }
}
