package org.llavacluster.gateway.pipeline;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavacluster.gateway.admission.Admission;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.gateway.resume.Loss;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Subscription;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Finished;

/**
 * An admitted request, from its placement to its last event.
 *
 * <p><b>What it holds.</b> The decoder's lease, the calls of its choices, the encodes of its images, and places of the
 * admission. Closing it frees all of them at the workers.
 *
 * <p><b>Course.</b>
 *
 * <ul>
 * <li>Images are encoded while the decoder is already called. The client gets no event before all images are known to
 *     be valid.
 * <li>Each choice is a call of its own to the same decoder. Choice 0 computes the prompt. The others start with its
 *     first token, when they find the prompt's KV blocks in the decoder's prefix cache.
 * <li>A choice whose decoder is lost continues at another one with its tokens so far, see {@link RequestDecoder}.
 * </ul>
 *
 * <p><b>Rules.</b> One thread runs the request and waits only in its scope. The first of answer, deadline, caller and
 * worker to end also ends the request.
 */
final class ChatCall implements AutoCloseable {

    private static final DecoderEnd.Lost MOVED =
            new DecoderEnd.Lost(Loss.Cause.MOVED, new Failure.Unavailable("the decoder drained"));

    private static final DecoderEnd.Lost SILENT = new DecoderEnd.Lost(
            Loss.Cause.SILENT, new Failure.Unavailable("the decoder node has not reported for too long"));

    private final RequestScope scope;
    private final ValidRequest request;
    private final ChatParts parts;
    private final AnswerStream stream;
    private final AnswerTimes times;
    private final RequestImages images;
    private final PromptLayout layout;
    private final RequestDecoder decoder;

    /** By index. */
    private final List<ChoiceCall> choices = new ArrayList<>();

    private final ChoicePlaces places;
    private final Subscription presence;

    /** Set when workers appeared, disappeared or fell silent. */
    private volatile boolean workersChanged;

    private boolean started;

    ChatCall(RequestScope scope, ValidRequest request, ChatParts parts, Admission admission, AnswerSink sink) {
        this.scope = scope;
        this.request = request;
        this.parts = parts;
        this.stream = new AnswerStream(scope, sink);
        this.times = new AnswerTimes(scope, request.choices(), parts.metrics());
        this.images = new RequestImages(scope, parts);
        this.layout = new PromptLayout(request, parts.model(), images);
        for (int i = 0; i < request.choices(); i++) {
            choices.add(new ChoiceCall(i, request, parts, stream, times));
        }
        this.places = new ChoicePlaces(choices, admission);
        this.decoder = new RequestDecoder(scope, request, parts.placement(), parts.resumes(), () -> generated() > 0);
        this.presence = parts.placement().onPresence(() -> {
            workersChanged = true;
            scope.wake();
        });
    }

    /** Runs the request until its Finished event. */
    void run() {
        try {
            images.encode(request.images());
            open(places.first(), decoder.first());
            while (!advance()) {
                scope.await(this::canAdvance, this::nextLook);
            }
        } catch (FailureException e) {
            throw generated() == 0 ? e : new FailureException(WorkerFailures.afterTokens(e.failure()), e);
        }
        finish();
    }

    private void open(ChoiceCall choice, Placement.DecoderLease lease) {
        choice.open(
                lease,
                layout.start(scope.requestId(), choice.index(), parts.prefixSalt()),
                decoder.numericsId(),
                scope);
    }

    private boolean canAdvance() {
        return workersChanged || images.unsettled() || choices.stream().anyMatch(this::canAdvance);
    }

    private boolean canAdvance(ChoiceCall choice) {
        if (choice.isLost()) {
            return decoder.worthALook();
        }
        return choice.isOpen() && (nextEvent(choice) != null || endCounts(choice));
    }

    /** When a wait for a worker checks again; empty if nothing waits. */
    private Optional<Long> nextLook() {
        Optional<Long> forDecoder =
                choices.stream().anyMatch(ChoiceCall::isLost) ? Optional.of(decoder.nextLook()) : Optional.empty();
        return Stream.of(forDecoder, images.nextLook())
                .flatMap(Optional::stream)
                .min(Comparator.naturalOrder());
    }

    /** The decoder's next event if it may be handled already: none that reveals part of an answer before Started. */
    private GenerateEvent nextEvent(ChoiceCall choice) {
        GenerateEvent event = choice.peek();
        if (event == null) {
            return null;
        }
        return switch (event.getEventCase()) {
            case ACCEPTED, MISSING, MOVED, EVENT_NOT_SET -> event;
            case TOKENS, COMPLETED -> images.allEncoded() ? event : null;
        };
    }

    /**
     * Whether the end of the decoder's call counts. A decoder that fails while images are being encoded usually fails
     * because of one of them, and the vision node reports the cause. A lost decoder always counts.
     */
    private boolean endCounts(ChoiceCall choice) {
        GenerateCall.End end = choice.end();
        return end != null && (images.allEncoded() || DecoderEnd.of(end) instanceof DecoderEnd.Lost);
    }

    /** Does all pending work; true once all choices are complete. */
    private boolean advance() {
        if (workersChanged) {
            workersChanged = false;
            images.workersChanged(generated() == 0).forEach(this::answer);
            choices.forEach(this::leaveIfGone);
        }
        images.settle().forEach(this::answer);
        if (!started && images.allEncoded()) {
            started = true;
            times.encoded();
            stream.send(layout.started(scope));
        }
        choices.forEach(this::advance);
        if (generated() > 0 || choices.getFirst().finished().isPresent()) {
            for (var next = places.next(); next.isPresent(); next = places.next()) {
                open(next.get(), decoder.again());
            }
        }
        return places.allEnded();
    }

    /** To all choices: a decoder ignores a source that it does not need. */
    private void answer(Source source) {
        choices.forEach(choice -> choice.answer(source));
    }

    /** A decoder that stands still keeps its calls open. */
    private void leaveIfGone(ChoiceCall choice) {
        if (choice.isOpen() && choice.end() == null && decoder.shouldLeave(choice.decoder())) {
            lost(choice, SILENT);
        }
    }

    private void advance(ChoiceCall choice) {
        if (choice.isLost()) {
            decoder.next(choice.decoder()).ifPresent(lease -> open(choice, lease));
        } else if (choice.isOpen()) {
            GenerateEvent event = nextEvent(choice);
            if (event != null) {
                handle(choice, event);
            } else if (endCounts(choice)) {
                ended(choice, DecoderEnd.of(choice.end()));
            }
        }
    }

    private void handle(ChoiceCall choice, GenerateEvent event) {
        try {
            switch (event.getEventCase()) {
                case ACCEPTED -> choice.accepted(event.getAccepted());
                case MISSING -> {
                    images.missed(event.getMissing()).ifPresent(choice::answer);
                    choice.take();
                }
                case TOKENS -> choice.tokens(event.getTokens());
                case COMPLETED -> choice.completed(event.getCompleted());
                case MOVED -> lost(choice, MOVED);
                case EVENT_NOT_SET -> throw new WorkerFaultException("a decoder sent an event of no kind");
            }
        } catch (WorkerFaultException e) {
            lost(
                    choice,
                    new DecoderEnd.Lost(
                            Loss.Cause.FAILED, Incidents.report(e.getMessage()).failure()));
        }
    }

    private void ended(ChoiceCall choice, DecoderEnd end) {
        switch (end) {
            case DecoderEnd.Refused(Failure failure) -> throw new FailureException(failure);
            case DecoderEnd.Full(Failure.Overloaded overloaded) -> full(choice, overloaded);
            case DecoderEnd.Lost lost -> lost(choice, lost);
        }
    }

    /** Choice 0 shows whether the decoder accepts a request that was not lost before. */
    private void full(ChoiceCall choice, Failure.Overloaded overloaded) {
        if (decoder.moves() > 0) {
            if (choice.lose()) {
                decoder.full(overloaded);
            }
        } else if (choice.index() == 0) {
            throw new FailureException(overloaded);
        } else {
            choice.close();
            if (places.later(choice)) {
                scope.pause(overloaded.retryAfter());
            }
        }
    }

    private void lost(ChoiceCall choice, DecoderEnd.Lost lost) {
        if (choice.lose()) {
            decoder.lost(choice.decoder(), lost, choice.openedNanos());
        }
    }

    private void finish() {
        ChoiceFinished first = choices.getFirst().finished().orElseThrow();
        stream.send(Finished.newBuilder()
                .setReason(first.getReason())
                .setStop(first.getStop())
                .setUsage(layout.usage(generated(), choices.getFirst().cachedTokens()))
                .setTimings(times.timings().toBuilder().setResumes(decoder.moves()))
                .build());
    }

    /** Number of tokens of all choices so far. */
    private int generated() {
        return choices.stream().mapToInt(ChoiceCall::generated).sum();
    }

    @Override
    public void close() {
        presence.close();
        images.close();
        choices.forEach(ChoiceCall::close);
        decoder.close();
        places.close();
    }
}
