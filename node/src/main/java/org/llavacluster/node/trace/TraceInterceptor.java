package org.llavacluster.node.trace;

import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import org.llavacluster.proto.cluster.v1.NodeGrpc;

/**
 * Opens a span for every call of the project's services, under the caller's span if it names one, and answers with the
 * id of the trace. The names are those of OpenTelemetry's conventions for RPC. Calls of health and of Watch have none.
 */
public final class TraceInterceptor implements ServerInterceptor {

    private static final String OWN_SERVICES = "llava.";
    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("rpc.system");
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("rpc.service");
    private static final AttributeKey<String> METHOD = AttributeKey.stringKey("rpc.method");
    private static final AttributeKey<Long> STATUS = AttributeKey.longKey("rpc.grpc.status_code");

    private final NodeTracing tracing;

    public TraceInterceptor(NodeTracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!isTraced(call.getMethodDescriptor())) {
            return next.startCall(call, headers);
        }
        SpanContext caller = CallTrace.parse(headers);
        if (!caller.isValid() && !tracing.isOn()) {
            return next.startCall(call, headers);
        }
        Span span = begin(call.getMethodDescriptor(), caller);
        SpanContext own = span.getSpanContext();
        Traced<Q, A> traced = new Traced<>(
                own.isValid() ? new AnswerHeader<>(call, CallTrace.ANSWERED_KEY, own.getTraceId()) : call, span);
        Context context = CallTrace.in(Context.current(), own);
        return new SimpleForwardingServerCallListener<>(Contexts.interceptCall(context, traced, headers, next)) {
            @Override
            public void onComplete() {
                super.onComplete();
                span.end();
            }

            @Override
            public void onCancel() {
                super.onCancel();
                traced.cancelled();
                span.end();
            }
        };
    }

    private static boolean isTraced(MethodDescriptor<?, ?> method) {
        String service = method.getServiceName();
        return service != null && service.startsWith(OWN_SERVICES) && !service.equals(NodeGrpc.SERVICE_NAME);
    }

    private Span begin(MethodDescriptor<?, ?> method, SpanContext caller) {
        Span span = tracing.begin(method.getFullMethodName(), SpanKind.SERVER, caller);
        span.setAttribute(SYSTEM, "grpc");
        span.setAttribute(SERVICE, method.getServiceName());
        span.setAttribute(METHOD, method.getBareMethodName());
        return span;
    }

    private static final class Traced<Q, A> extends SimpleForwardingServerCall<Q, A> {

        private final Span span;
        private volatile boolean closed;

        Traced(ServerCall<Q, A> delegate, Span span) {
            super(delegate);
            this.span = span;
        }

        @Override
        public void close(Status status, Metadata trailers) {
            closed = true;
            record(status);
            super.close(status, trailers);
        }

        void cancelled() {
            if (!closed) {
                record(Status.CANCELLED);
            }
        }

        private void record(Status status) {
            span.setAttribute(STATUS, status.getCode().value());
            if (isError(status.getCode())) {
                span.setStatus(StatusCode.ERROR);
            }
        }

        /** By the conventions, only these are errors of a server. */
        private static boolean isError(Status.Code code) {
            return switch (code) {
                case UNKNOWN, DEADLINE_EXCEEDED, UNIMPLEMENTED, INTERNAL, UNAVAILABLE, DATA_LOSS -> true;
                case OK,
                        CANCELLED,
                        INVALID_ARGUMENT,
                        NOT_FOUND,
                        ALREADY_EXISTS,
                        PERMISSION_DENIED,
                        RESOURCE_EXHAUSTED,
                        FAILED_PRECONDITION,
                        ABORTED,
                        OUT_OF_RANGE,
                        UNAUTHENTICATED -> false;
            };
        }
    }
}
