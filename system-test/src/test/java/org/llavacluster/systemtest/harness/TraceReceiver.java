package org.llavacluster.systemtest.harness;

import com.google.protobuf.ByteString;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A collector that takes traces over OTLP/HTTP and keeps their spans. */
public final class TraceReceiver implements AutoCloseable {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

    /**
     * A received span.
     *
     * @param service name of the process's service
     */
    public record Received(String service, Span span) {

        public String id() {
            return hex(span.getSpanId());
        }

        public String parent() {
            return hex(span.getParentSpanId());
        }

        /** The attribute's text, whatever its type; empty without it. */
        public Optional<String> attribute(String key) {
            return span.getAttributesList().stream()
                    .filter(one -> one.getKey().equals(key))
                    .findFirst()
                    .map(one -> one.getValue().hasIntValue()
                            ? Long.toString(one.getValue().getIntValue())
                            : one.getValue().getStringValue());
        }
    }

    private final HttpServer server;
    private final List<Received> spans = new ArrayList<>();

    public TraceReceiver() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/v1/traces", this::receive);
        server.start();
    }

    public String endpoint() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private void receive(HttpExchange exchange) throws IOException {
        try (exchange) {
            add(ExportTraceServiceRequest.parseFrom(exchange.getRequestBody()));
            exchange.sendResponseHeaders(200, -1);
        }
    }

    private synchronized void add(ExportTraceServiceRequest request) {
        for (ResourceSpans resource : request.getResourceSpansList()) {
            String service = resource.getResource().getAttributesList().stream()
                    .filter(one -> one.getKey().equals("service.name"))
                    .findFirst()
                    .orElseThrow()
                    .getValue()
                    .getStringValue();
            for (ScopeSpans scope : resource.getScopeSpansList()) {
                scope.getSpansList().forEach(span -> spans.add(new Received(service, span)));
            }
        }
        notifyAll();
    }

    /** Waits until a trace has that many spans and returns them; fewer if they do not come. */
    public synchronized List<Received> trace(String id, int count) throws InterruptedException {
        long start = System.nanoTime();
        List<Received> found = found(id);
        while (found.size() < count && System.nanoTime() - start < PATIENCE_NANOS) {
            TimeUnit.NANOSECONDS.timedWait(this, PATIENCE_NANOS - (System.nanoTime() - start));
            found = found(id);
        }
        return found;
    }

    private List<Received> found(String trace) {
        return spans.stream()
                .filter(one -> hex(one.span().getTraceId()).equals(trace))
                .toList();
    }

    private static String hex(ByteString bytes) {
        return HexFormat.of().formatHex(bytes.toByteArray());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
