package org.llavacluster.decoder.generate;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.trace.NodeTracing;

/**
 * The spans of one request at this decoder, one after the other: {@code queue} until it has KV blocks, {@code prefill}
 * until its first token, the wait for images included, and {@code decode} until its end. Tokens have none.
 */
final class GenerationTrace {

    private static final String DECODE = "decode";

    private final NodeTracing tracing;
    private final SpanContext call;

    private Span stage;
    private boolean decoding;

    /**
     * Begins with the queue.
     *
     * @param call span of the call
     */
    GenerationTrace(NodeTracing tracing, SpanContext call) {
        this.tracing = tracing;
        this.call = call;
        this.stage = tracing.begin(Stage.QUEUE, call);
    }

    /** The request has KV blocks. */
    void accepted(int promptRows, int cachedRows) {
        stage.end();
        stage = tracing.begin(Stage.PREFILL, call);
        stage.setAttribute("gen_ai.usage.input_tokens", promptRows);
        stage.setAttribute("gen_ai.usage.cache_read.input_tokens", cachedRows);
    }

    void token() {
        if (!decoding) {
            decoding = true;
            stage.end();
            stage = tracing.begin(DECODE, SpanKind.INTERNAL, call);
        }
    }

    /**
     * The request or its call has ended.
     *
     * @param tokens generated in this call
     */
    void ended(int tokens) {
        stage.setAttribute("gen_ai.usage.output_tokens", tokens);
        stage.end();
    }
}
