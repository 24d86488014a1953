package org.llavacluster.gateway.pipeline;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.util.List;
import java.util.Locale;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.trace.NodeTracing;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;

/**
 * The spans of one request at the gateway: {@code chat} over all, with attributes as OpenTelemetry's conventions for
 * generative AI name them, {@code queue} until a decoder has it, and {@code first_token} until its first token. Tokens
 * have none. Never content. Used by one thread at a time.
 */
final class RequestTrace {

    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("gen_ai.operation.name");
    private static final AttributeKey<String> PROVIDER = AttributeKey.stringKey("gen_ai.provider.name");
    private static final AttributeKey<String> RESPONSE = AttributeKey.stringKey("gen_ai.response.id");
    private static final AttributeKey<String> MODEL = AttributeKey.stringKey("gen_ai.request.model");
    private static final AttributeKey<String> RESPONSE_MODEL = AttributeKey.stringKey("gen_ai.response.model");
    private static final AttributeKey<Long> SEED = AttributeKey.longKey("gen_ai.request.seed");
    private static final AttributeKey<Long> INPUT = AttributeKey.longKey("gen_ai.usage.input_tokens");
    private static final AttributeKey<Long> CACHED = AttributeKey.longKey("gen_ai.usage.cache_read.input_tokens");
    private static final AttributeKey<Long> OUTPUT = AttributeKey.longKey("gen_ai.usage.output_tokens");
    private static final AttributeKey<List<String>> REASONS =
            AttributeKey.stringArrayKey("gen_ai.response.finish_reasons");
    private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");

    private final NodeTracing tracing;
    private final StageMetrics stages;
    private final SpanContext call;

    private Span chat = Span.getInvalid();
    private Span firstToken = Span.getInvalid();
    private Span queue = Span.getInvalid();

    /** Null unless the request waits. */
    private StageMetrics.Running waiting;

    /**
     * @param stages has {@link Stage#QUEUE}
     * @param call span of the call from the caller; invalid without one
     */
    RequestTrace(NodeTracing tracing, StageMetrics stages, SpanContext call) {
        this.tracing = tracing;
        this.stages = stages;
        this.call = call;
    }

    /** The request starts. */
    void begin(String requestId) {
        chat = tracing.begin("chat", SpanKind.INTERNAL, call);
        chat.setAttribute(OPERATION, "chat");
        chat.setAttribute(PROVIDER, "llava-cluster");
        chat.setAttribute(RESPONSE, requestId);
        firstToken = tracing.begin("first_token", SpanKind.INTERNAL, context());
    }

    /** The span that the work for the request belongs to. */
    SpanContext context() {
        return chat.getSpanContext();
    }

    /** The scheduler has it. */
    void queued() {
        queue = tracing.begin(Stage.QUEUE, context());
        waiting = stages.begin(Stage.QUEUE);
    }

    /** It has its first place at a decoder. */
    void placed() {
        if (waiting != null) {
            waiting.end(true);
            waiting = null;
            queue.end();
        }
    }

    void firstToken() {
        firstToken.end();
    }

    /** The request has ended; without an answer, its events are those of an empty one. */
    void end(GatewayMetrics.Outcome outcome, Started started, Finished finished) {
        placed();
        if (!chat.isRecording()) {
            return;
        }
        if (!started.getModel().isEmpty()) {
            chat.updateName("chat " + started.getModel());
            chat.setAttribute(MODEL, started.getModel());
            chat.setAttribute(RESPONSE_MODEL, started.getModel());
            chat.setAttribute(SEED, started.getSeed());
            chat.setAttribute(INPUT, (long) finished.getUsage().getPromptTokens());
            chat.setAttribute(CACHED, (long) finished.getUsage().getCachedTokens());
            chat.setAttribute(OUTPUT, (long) finished.getUsage().getCompletionTokens());
        }
        if (outcome == GatewayMetrics.Outcome.COMPLETED) {
            chat.setAttribute(REASONS, List.of(reason(finished)));
        } else {
            chat.setAttribute(ERROR, outcome.name().toLowerCase(Locale.ROOT));
            chat.setStatus(StatusCode.ERROR);
        }
        chat.end();
    }

    private static String reason(Finished finished) {
        return finished.getReason() == Finished.Reason.REASON_LENGTH ? "length" : "stop";
    }
}
