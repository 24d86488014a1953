package org.llavacluster.gateway.openai;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.vertx.core.MultiMap;
import io.vertx.ext.web.RoutingContext;
import org.llavacluster.node.trace.CallTrace;
import org.llavacluster.node.trace.NodeTracing;

/**
 * The span of one HTTP request, under the caller's if it names one, with the names of OpenTelemetry's conventions for
 * HTTP. The answer has the id of the trace.
 */
final class HttpTrace {

    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("http.request.method");
    private static final AttributeKey<String> ROUTE = AttributeKey.stringKey("http.route");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("http.response.status_code");
    private static final int SERVER_ERROR = 500;

    private static final TextMapGetter<MultiMap> HEADERS = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(MultiMap headers) {
            return headers.names();
        }

        @Override
        public String get(MultiMap headers, String name) {
            return headers.get(name);
        }
    };

    private HttpTrace() {}

    /** Begins the span; it ends with the exchange. */
    static SpanContext begin(NodeTracing tracing, RoutingContext context, String route) {
        MultiMap headers = context.request().headers();
        SpanContext caller =
                headers.contains(CallTrace.PARENT) ? CallTrace.parse(headers, HEADERS) : SpanContext.getInvalid();
        if (!caller.isValid() && !tracing.isOn()) {
            return caller;
        }
        String method = context.request().method().name();
        Span span = tracing.begin(method + " " + route, SpanKind.SERVER, caller);
        span.setAttribute(METHOD, method);
        span.setAttribute(ROUTE, route);
        context.response().putHeader(CallTrace.ANSWERED, span.getSpanContext().getTraceId());
        context.addEndHandler(_ -> {
            int status = context.response().getStatusCode();
            span.setAttribute(STATUS, (long) status);
            if (status >= SERVER_ERROR) {
                span.setStatus(StatusCode.ERROR);
            }
            span.end();
        });
        return span.getSpanContext();
    }
}
