package org.llavacluster.node.trace;

import io.grpc.Context;
import io.grpc.Metadata;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.propagation.TextMapGetter;
import java.util.List;

/**
 * The place of a call in a trace: the span under which the spans of the work for it belong. Between processes it is
 * the header {@value #PARENT} of W3C's Trace Context, in a process it is in gRPC's {@link Context}.
 */
public final class CallTrace {

    public static final String PARENT = "traceparent";

    /** In answers: the id under which the trace is found. */
    public static final String ANSWERED = "x-trace-id";

    private static final Metadata.Key<String> PARENT_KEY = key(PARENT);

    static final Metadata.Key<String> ANSWERED_KEY = Metadata.Key.of(ANSWERED, Metadata.ASCII_STRING_MARSHALLER);

    private static final W3CTraceContextPropagator FORMAT = W3CTraceContextPropagator.getInstance();

    private static final Context.Key<SpanContext> CURRENT = Context.keyWithDefault(PARENT, SpanContext.getInvalid());

    private CallTrace() {}

    /** The span that the calling thread works under; invalid if there is none. */
    public static SpanContext current() {
        return CURRENT.get();
    }

    /** The span that threads work under in that context. */
    public static SpanContext in(Context context) {
        return CURRENT.get(context);
    }

    /** A context in which threads work under this span. */
    public static Context in(Context context, SpanContext span) {
        return context.withValue(CURRENT, span);
    }

    /** The value of {@value #PARENT}; empty for an invalid span. */
    public static String format(SpanContext span) {
        return span.isValid()
                ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-"
                        + span.getTraceFlags().asHex()
                : "";
    }

    /** The span that a value of {@value #PARENT} names; invalid if it names none. */
    public static SpanContext parse(String traceparent) {
        return traceparent == null || traceparent.isEmpty() ? SpanContext.getInvalid() : parse(traceparent, ONE);
    }

    /** The span that the headers of a request name; invalid if they name none. */
    public static <C> SpanContext parse(C headers, TextMapGetter<C> getter) {
        return Span.fromContext(FORMAT.extract(io.opentelemetry.context.Context.root(), headers, getter))
                .getSpanContext();
    }

    static SpanContext parse(Metadata headers) {
        return headers.containsKey(PARENT_KEY) ? parse(headers, METADATA) : SpanContext.getInvalid();
    }

    /** Puts the span, and what its vendor's state says of it, in place of those of the headers. */
    static void inject(SpanContext span, Metadata headers) {
        FORMAT.inject(io.opentelemetry.context.Context.root().with(Span.wrap(span)), headers, (into, name, value) -> {
            into.discardAll(key(name));
            into.put(key(name), value);
        });
    }

    private static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static final TextMapGetter<Metadata> METADATA = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Metadata headers) {
            return headers.keys();
        }

        @Override
        public String get(Metadata headers, String name) {
            return headers.get(key(name));
        }
    };

    private static final TextMapGetter<String> ONE = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(String traceparent) {
            return List.of(PARENT);
        }

        @Override
        public String get(String traceparent, String name) {
            return name.equals(PARENT) ? traceparent : null;
        }
    };
}
