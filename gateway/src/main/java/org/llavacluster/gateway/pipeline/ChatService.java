package org.llavacluster.gateway.pipeline;

import io.opentelemetry.api.trace.SpanContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.gateway.request.RequestParser;
import org.llavacluster.gateway.scaling.RequestParking;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.time.Clock;
import org.llavacluster.node.trace.NodeTracing;

/**
 * Runs a request from either API: parses and answers it, ends it exactly once and frees everything it held.
 */
public final class ChatService {

    private final RequestParser parser;
    private final RequestParking parking;
    private final ChatParts parts;
    private final StageMetrics stages;
    private final NodeTracing tracing;
    private final Executor threads;
    private final RequestLog log;
    private final Clock clock;

    /**
     * @param threads runs every request on a thread of its own, which may block
     */
    public ChatService(
            RequestParser parser,
            RequestParking parking,
            ChatParts parts,
            StageMetrics stages,
            NodeTracing tracing,
            Executor threads,
            RequestLog log,
            Clock clock) {
        this.parser = parser;
        this.parking = parking;
        this.parts = parts;
        this.stages = stages;
        this.tracing = tracing;
        this.threads = threads;
        this.log = log;
        this.clock = clock;
    }

    /**
     * A request arrives. It must be started.
     *
     * @param requestId the caller's own id or a random one
     * @param asked the caller's time limit
     * @param call span of the call; invalid without one
     */
    public RequestScope arrive(String requestId, RequestOwner owner, Optional<Duration> asked, SpanContext call) {
        Duration most = parser.limits().maxDeadline();
        Duration time = asked.orElse(parser.limits().defaultDeadline());
        return new RequestScope(
                requestId,
                owner,
                time.compareTo(most) > 0 ? most : time,
                clock,
                new RequestTrace(tracing, stages, call));
    }

    /**
     * Answers the request on a thread of its own.
     *
     * @param draft called on that thread; may throw {@link FailureException}
     */
    public void start(RequestScope scope, Supplier<ChatDraft> draft, AnswerSink sink) {
        parts.metrics().submitted();
        StageMetrics.Running stage = stages.begin(Stage.REQUEST);
        scope.trace().begin(scope.requestId());
        threads.execute(() -> {
            scope.enter();
            RequestLog.Entry entry = log.begin(scope, sink);
            Optional<Failure> failure = answer(scope, draft, entry);
            GatewayMetrics.Outcome outcome = failure.map(ChatService::outcome).orElse(GatewayMetrics.Outcome.COMPLETED);
            parts.metrics().ended(outcome);
            // An invalid or abandoned request is not a failure of the stage.
            stage.end(outcome != GatewayMetrics.Outcome.FAILED && outcome != GatewayMetrics.Outcome.EXPIRED);
            scope.trace().end(outcome, entry.started(), entry.finished());
            entry.end(outcome, failure);
            failure.ifPresentOrElse(sink::fail, sink::complete);
        });
    }

    private Optional<Failure> answer(RequestScope scope, Supplier<ChatDraft> draft, AnswerSink sink) {
        try {
            scope.check();
            var request = parser.parse(scope.owner().tenant(), draft.get());
            parking.await(scope, parts.tiles(request));
            try (ChatCall call = new ChatCall(scope, request, parts, sink)) {
                call.run();
            }
            return Optional.empty();
        } catch (FailureException e) {
            return Optional.of(e.failure());
        } catch (RuntimeException | VirtualMachineError e) {
            return Optional.of(Incidents.report(e).failure());
        }
    }

    public RequestLog log() {
        return log;
    }

    /** Number of running requests. */
    public int running() {
        return parts.dispatcher().load().encoding() + parts.dispatcher().load().generating();
    }

    /** Number of waiting requests. */
    public int waiting() {
        return parts.dispatcher().load().requestsWaiting();
    }

    private static GatewayMetrics.Outcome outcome(Failure failure) {
        return switch (failure) {
            case Failure.Invalid invalid -> GatewayMetrics.Outcome.REJECTED;
            case Failure.ContextExceeded exceeded -> GatewayMetrics.Outcome.REJECTED;
            case Failure.TooLarge tooLarge -> GatewayMetrics.Outcome.REJECTED;
            case Failure.Overloaded overloaded -> GatewayMetrics.Outcome.REJECTED;
            case Failure.Precondition precondition -> GatewayMetrics.Outcome.REJECTED;
            case Failure.UnknownModel unknown -> GatewayMetrics.Outcome.REJECTED;
            case Failure.NotFound notFound -> GatewayMetrics.Outcome.REJECTED;
            case Failure.Unsupported unsupported -> GatewayMetrics.Outcome.REJECTED;
            case Failure.Expired expired -> GatewayMetrics.Outcome.EXPIRED;
            case Failure.Cancelled cancelled -> GatewayMetrics.Outcome.CANCELLED;
            case Failure.Unavailable unavailable -> GatewayMetrics.Outcome.FAILED;
            case Failure.Aborted aborted -> GatewayMetrics.Outcome.FAILED;
            case Failure.Corrupt corrupt -> GatewayMetrics.Outcome.FAILED;
            case Failure.Internal internal -> GatewayMetrics.Outcome.FAILED;
        };
    }
}
