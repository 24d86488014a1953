package org.llavacluster.node.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Context;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerInterceptors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.io.IOException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavacluster.proto.v1.CountTokensRequest;
import org.llavacluster.proto.v1.CountTokensResponse;
import org.llavacluster.proto.v1.LlavaGrpc;

class NodeTracingTest {

    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    private final InMemorySpanExporter exporter = InMemorySpanExporter.create();

    @Test
    void shouldPassTheCallersTraceOnWhereItIsOff() throws IOException {
        AtomicReference<SpanContext> handled = new AtomicReference<>();
        StatusRuntimeException end = call(NodeTracing.OFF, CallTrace.parse(PARENT), handled);
        assertThat(end.getTrailers().get(CallTrace.ANSWERED_KEY)).isEqualTo(TRACE);
        assertThat(CallTrace.format(handled.get())).isEqualTo(PARENT);
    }

    @Test
    void shouldDoNothingForACallWithoutTraceWhereItIsOff() throws IOException {
        AtomicReference<SpanContext> handled = new AtomicReference<>();
        StatusRuntimeException end = call(NodeTracing.OFF, SpanContext.getInvalid(), handled);
        assertThat(end.getTrailers().containsKey(CallTrace.ANSWERED_KEY)).isFalse();
        assertThat(handled.get().isValid()).isFalse();
        Span span = NodeTracing.OFF.begin("any", SpanKind.INTERNAL, SpanContext.getInvalid());
        assertThat(span).isSameAs(Span.getInvalid());
    }

    @Test
    void shouldRecordACallUnderItsCaller() throws IOException {
        SdkTracerProvider provider = SdkTracerProvider.builder()
                .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                .build();
        AtomicReference<SpanContext> handled = new AtomicReference<>();
        try (NodeTracing tracing = NodeTracing.of(provider)) {
            StatusRuntimeException end = call(tracing, CallTrace.parse(PARENT), handled);
            assertThat(end.getTrailers().get(CallTrace.ANSWERED_KEY)).isEqualTo(TRACE);
            List<SpanData> spans = exporter.getFinishedSpanItems();
            assertThat(spans).hasSize(1);
            SpanData span = spans.getFirst();
            assertThat(span.getName()).isEqualTo("llava.v1.Llava/CountTokens");
            assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
            assertThat(span.getParentSpanContext().getSpanId()).isEqualTo("00f067aa0ba902b7");
            assertThat(span.getSpanContext()).isEqualTo(handled.get());
            assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.ERROR);
            assertThat(span.getAttributes().get(AttributeKey.longKey("rpc.grpc.status_code")))
                    .isEqualTo(Status.Code.UNAVAILABLE.value());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E473G-00f067aa0ba902b7-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            })
    void shouldTakeNoTraceFromWhatNamesNone(String traceparent) {
        assertThat(CallTrace.parse(traceparent).isValid()).isFalse();
        assertThat(CallTrace.format(CallTrace.parse(traceparent))).isEmpty();
    }

    /** Calls a server whose handler fails, and returns that end. */
    private static StatusRuntimeException call(
            NodeTracing tracing, SpanContext caller, AtomicReference<SpanContext> handled) throws IOException {
        String name = UUID.randomUUID().toString();
        LlavaGrpc.LlavaImplBase failing = new LlavaGrpc.LlavaImplBase() {
            @Override
            public void countTokens(CountTokensRequest request, StreamObserver<CountTokensResponse> client) {
                handled.set(CallTrace.current());
                client.onError(Status.UNAVAILABLE.asRuntimeException(new Metadata()));
            }
        };
        Server server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(ServerInterceptors.intercept(failing, new TraceInterceptor(tracing)))
                .build()
                .start();
        ManagedChannel channel = InProcessChannelBuilder.forName(name)
                .directExecutor()
                .intercept(new TraceForwarder())
                .build();
        try {
            AtomicReference<StatusRuntimeException> end = new AtomicReference<>();
            CallTrace.in(Context.ROOT, caller).run(() -> {
                try {
                    var unused =
                            LlavaGrpc.newBlockingStub(channel).countTokens(CountTokensRequest.getDefaultInstance());
                } catch (StatusRuntimeException e) {
                    end.set(e);
                }
            });
            return end.get();
        } finally {
            channel.shutdownNow();
            server.shutdownNow();
        }
    }
}
