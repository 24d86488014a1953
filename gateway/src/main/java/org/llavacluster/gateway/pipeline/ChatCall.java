package org.llavacluster.gateway.pipeline;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.llavacluster.gateway.admission.PixelBudget;
import org.llavacluster.gateway.dispatch.KnownWorker;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.gateway.failure.WorkerFailures;
import org.llavacluster.gateway.placement.TensorKeys;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent.Cause;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.RequestOutcome.Fault;

/**
 * A request, from the moment that the scheduler gets it to its last event. Decides nothing: it does what the scheduler
 * says, reports what happens, and brings the answer to the client.
 *
 * <p><b>Course.</b>
 *
 * <ul>
 * <li>The client gets no event before the request has a place at a decoder and all images are known to be valid. Until
 *     then it can still be refused.
 * <li>Each choice is a request of its own to the scheduler. The others start with the first token of choice 0, when
 *     they find the prompt's KV blocks in a decoder's prefix cache. One that is refused then is tried again later.
 * </ul>
 *
 * <p><b>Rules.</b> One thread runs the request and waits only in its scope. The first of answer, deadline, caller and
 * worker to end also ends the request. Closing it frees everything that it holds at workers and scheduler.
 */
final class ChatCall implements AutoCloseable {

    private final RequestScope scope;
    private final ValidRequest request;
    private final ChatParts parts;
    private final TensorKeys keys;
    private final RequestPlan plan;
    private final AnswerStream stream;
    private final AnswerTimes times;
    private final PromptLayout layout;

    /** By index. */
    private final List<ChoiceCall> choices = new ArrayList<>();

    /** Of the images, until they are encoded. */
    private PixelBudget.Claim pixels = PixelBudget.Claim.NOTHING;

    private final long startNanos;

    private boolean placed;
    private boolean imagesReady;
    private boolean started;

    /** When choices that were refused are submitted again. */
    private long resubmitNanos;

    ChatCall(RequestScope scope, ValidRequest request, ChatParts parts, AnswerSink sink) {
        this.scope = scope;
        this.request = request;
        this.parts = parts;
        this.keys = parts.keys().of(scope.owner().tenant());
        this.plan = RequestPlan.of(scope, request, parts, keys);
        this.stream = new AnswerStream(scope, sink);
        this.times = new AnswerTimes(scope, request.choices(), parts.metrics());
        this.layout = new PromptLayout(request, parts.model(), plan.images());
        this.imagesReady = request.images().isEmpty();
        this.startNanos = scope.now();
        this.resubmitNanos = startNanos;
        for (int i = 0; i < request.choices(); i++) {
            choices.add(new ChoiceCall(i, request, parts, stream, times));
        }
    }

    /** Runs the request until its Finished event. */
    void run() {
        try {
            pixels = parts.pixels().claim(scope.owner().peer(), request.pixels());
            scope.trace().queued();
            choices.getFirst().submit(plan);
            while (!advance()) {
                scope.await(this::canAdvance, this::nextLook);
            }
        } catch (FailureException e) {
            throw generated() == 0 ? e : new FailureException(WorkerFailures.afterTokens(e.failure()), e);
        }
        finish();
    }

    private boolean canAdvance() {
        return choices.stream().anyMatch(this::canAdvance) || awaitsSubmission() && scope.now() - resubmitNanos >= 0;
    }

    private boolean canAdvance(ChoiceCall choice) {
        return choice.hasAction() || choice.isOpen() && (nextEvent(choice) != null || endCounts(choice));
    }

    /** When a choice is submitted that was refused; empty if none waits for that. */
    private Optional<Long> nextLook() {
        return awaitsSubmission() ? Optional.of(resubmitNanos) : Optional.empty();
    }

    /** Whether there are choices for which the time has come, or will come without anything else. */
    private boolean awaitsSubmission() {
        ChoiceCall first = choices.getFirst();
        return (first.generated() > 0 || first.finished().isPresent())
                && choices.stream().anyMatch(choice -> !choice.isSubmitted());
    }

    /** The decoder's next event if it may be handled already: none that reveals part of an answer before Started. */
    private GenerateEvent nextEvent(ChoiceCall choice) {
        GenerateEvent event = choice.peek();
        if (event == null) {
            return null;
        }
        return switch (event.getEventCase()) {
            case ACCEPTED, MISSING, MOVED, EVENT_NOT_SET -> event;
            case TOKENS, COMPLETED -> started ? event : null;
        };
    }

    /**
     * Whether the end of the decoder's call counts. A decoder that refuses a request whose images are being encoded
     * usually does so because of one of them, and the vision node reports the cause.
     */
    private boolean endCounts(ChoiceCall choice) {
        GenerateCall.End end = choice.end();
        return end != null && (imagesReady || DecoderEnd.of(end).cause() == Cause.LOST);
    }

    /** Does all pending work; true once all choices are complete. */
    private boolean advance() {
        for (ChoiceCall choice : choices) {
            for (ClusterAction next = choice.nextAction(); next != null; next = choice.nextAction()) {
                perform(choice, next);
            }
            handle(choice);
        }
        if (!started && placed && imagesReady) {
            started = true;
            times.encoded();
            stream.send(layout.started(scope));
        }
        if (awaitsSubmission() && scope.now() - resubmitNanos >= 0) {
            choices.stream().filter(choice -> !choice.isSubmitted()).forEach(choice -> choice.submit(plan));
        }
        return choices.stream().allMatch(choice -> choice.finished().isPresent());
    }

    private void perform(ChoiceCall choice, ClusterAction action) {
        switch (action) {
            case ClusterAction.ImagesReady _ -> {
                imagesReady = true;
                pixels.close();
            }
            case ClusterAction.Generate generate -> generate(choice, generate);
            case ClusterAction.Resupply(long _, int attempt, ClusterAction.Source source) ->
                choice.answer(attempt, plan.images().source(source));
            case ClusterAction.Abandon(long _, int attempt, boolean silent) ->
                choice.abandon(attempt, silent ? DecoderEnd.SILENT : DecoderEnd.LOST);
            case ClusterAction.End(long _, RequestOutcome outcome) -> ended(choice, outcome);
            case ClusterAction.Encode _, ClusterAction.DropImage _, ClusterAction.DropBatch _ ->
                throw new IllegalStateException("a batch's action came to a request");
        }
    }

    private void generate(ChoiceCall choice, ClusterAction.Generate generate) {
        if (!placed) {
            placed = true;
            parts.metrics().admitted();
            scope.trace().placed();
        }
        Optional<KnownWorker> decoder = parts.dispatcher().worker(generate.decoder(), generate.epoch());
        if (decoder.isEmpty()) {
            choice.unreachable(generate.attempt());
            return;
        }
        choice.open(
                generate.attempt(),
                decoder.get(),
                layout.start(scope.requestId(), choice.index(), keys.prefixSalt(), generate.sources()),
                scope);
    }

    private void ended(ChoiceCall choice, RequestOutcome outcome) {
        if (choice.finished().isPresent()) {
            return;
        }
        Failure failure = OutcomeFailures.of(
                outcome, plan.images(), parts.dispatcher(), choice.newestFailure(), choice.numericsId());
        if (choice.index() > 0 && failure instanceof Failure.Overloaded overloaded) {
            choice.refused();
            resubmitNanos = scope.now() + overloaded.retryAfter().toNanos();
            return;
        }
        if (outcome instanceof RequestOutcome.Failed(Fault fault, int _)) {
            if (choice.newestFailure().isPresent()) {
                parts.metrics().givenUp();
            }
            if (fault == Fault.KILLED_WORKERS) {
                parts.metrics().quarantined();
            }
        }
        scope.check(); // Its end by deadline or caller is worded there.
        throw new FailureException(failure);
    }

    private void handle(ChoiceCall choice) {
        if (!choice.isOpen()) {
            return;
        }
        GenerateEvent event = nextEvent(choice);
        if (event != null) {
            handle(choice, event);
        } else if (endCounts(choice)) {
            choice.lose(DecoderEnd.of(choice.end()));
        }
    }

    private void handle(ChoiceCall choice, GenerateEvent event) {
        try {
            switch (event.getEventCase()) {
                case ACCEPTED -> choice.accepted(event.getAccepted());
                case MISSING ->
                    choice.missing(
                            plan.images().missed(event.getMissing().getEmbeddingKey()),
                            event.getMissing().getUnreachable());
                case TOKENS -> choice.tokens(event.getTokens());
                case COMPLETED -> choice.completed(event.getCompleted());
                case MOVED -> choice.lose(DecoderEnd.MOVED);
                case EVENT_NOT_SET -> throw new WorkerFaultException("a decoder sent an event of no kind");
            }
        } catch (WorkerFaultException e) {
            choice.lose(new DecoderEnd(
                    Cause.FAILED, Incidents.report(e.getMessage()).failure()));
        }
    }

    private void finish() {
        ChoiceFinished first = choices.getFirst().finished().orElseThrow();
        int moves = choices.stream().mapToInt(ChoiceCall::moves).sum();
        stream.send(Finished.newBuilder()
                .setReason(first.getReason())
                .setStop(first.getStop())
                .setUsage(layout.usage(generated(), choices.getFirst().cachedTokens()))
                .setTimings(times.timings().toBuilder().setResumes(moves))
                .build());
    }

    /** Number of tokens of all choices so far. */
    private int generated() {
        return choices.stream().mapToInt(ChoiceCall::generated).sum();
    }

    /** What decoders compute between the leave of the caller and the end of their calls is in vain. */
    private void countAbandoned() {
        long late = scope.departure().within(startNanos, scope.now());
        for (ChoiceCall choice : choices) {
            if (imagesReady && choice.isOpen()) {
                Stage stage = choice.generated() == 0 ? Stage.PREFILL : Stage.DECODE_STEP;
                parts.metrics().abandoned().spent(stage, late);
            }
        }
    }

    @Override
    public void close() {
        countAbandoned();
        choices.forEach(ChoiceCall::close);
        pixels.close();
    }
}
