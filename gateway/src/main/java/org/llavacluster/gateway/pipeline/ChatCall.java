package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.gateway.admission.Admission;
import org.llavacluster.gateway.failure.Incidents;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.Accepted;
import org.llavacluster.proto.cluster.v1.Completed;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.Missing;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Tokens;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;

/**
 * An admitted request from its placement to its last event. Images are encoded while the decoder is already called; the client
 * hears nothing before all of them are known to be good. One thread runs it and waits only in the request's scope, so whatever
 * ends first (answer, deadline, caller or worker) ends the request, and closing frees what it holds at the workers.
 *
 * <p>The choices of one request are calls of their own to the same decoder. Choice 0 computes the prompt; the others start with its
 * first token, when they find the prompt's KV blocks in the decoder's prefix cache. They run beside each other as far as places are
 * free, and one after the other where none is, so that no request waits for a place while it holds one.
 *
 * <p>A decoder that is lost ends the request. Resuming it elsewhere with the tokens produced, as the contract of Generate allows,
 * belongs where {@link #lost} is.
 */
final class ChatCall implements AutoCloseable {

    private final RequestScope scope;
    private final ValidRequest request;
    private final ChatParts parts;
    private final Admission admission;
    private final AnswerSink sink;

    private final AnswerTimes times;
    private final PromptLayout layout;

    /** By embedding key: an image that stands in the prompt twice is encoded once. */
    private final Map<ByteString, ImageWork> images = new LinkedHashMap<>();

    /** By index. */
    private final List<ChoiceCall> choices = new ArrayList<>();

    /** Choices that have not started. */
    private final Deque<ChoiceCall> unstarted = new ArrayDeque<>();

    /** Places besides the request's own, one for each further choice that runs. */
    private final Deque<Admission.Ticket> places = new ArrayDeque<>();

    private final Placement.DecoderLease lease;
    private boolean started;
    private int cachedTokens;

    /** The decoder's queue was full: no further choice starts before one has ended. */
    private boolean crowded;

    ChatCall(RequestScope scope, ValidRequest request, ChatParts parts, Admission admission, AnswerSink sink) {
        this.scope = scope;
        this.request = request;
        this.parts = parts;
        this.admission = admission;
        this.sink = sink;
        this.times = new AnswerTimes(scope, request.choices(), parts.metrics());
        this.layout = new PromptLayout(request, parts.model());
        for (int i = 0; i < request.choices(); i++) {
            ValidRequest.Ending ending = request.ending();
            choices.add(new ChoiceCall(i, new AnswerWriter(parts.tokenizer(), ending.stops(), ending.minTokens())));
        }
        unstarted.addAll(choices);
        this.lease = parts.placement().decoder();
    }

    /** Runs the request to its Finished event. */
    void run() {
        for (ValidRequest.Image image : request.images()) {
            ImageWork work = new ImageWork(image, scope.requestId(), parts.placement(), parts.flights(), scope::wake);
            images.putIfAbsent(work.route().embeddingKey(), work);
            layout.add(work.route());
        }
        images.values().forEach(ImageWork::encode);
        open(unstarted.remove(), lease);
        while (!advance()) {
            scope.await(this::canAdvance);
        }
        finish();
    }

    private void open(ChoiceCall choice, Placement.DecoderLease decoder) {
        choice.open(
                decoder, parts.decoders(), layout.start(scope.requestId(), choice.index(), parts.prefixSalt()), scope);
    }

    /** Starts further choices, as far as there are places; gives those back that no choice needs. */
    private void usePlaces() {
        while (!unstarted.isEmpty() && !crowded && (running() <= places.size() || addPlace())) {
            open(unstarted.remove(), lease.again());
        }
        while (!places.isEmpty() && running() <= places.size()) {
            places.remove().close();
        }
    }

    private int running() {
        return (int) choices.stream().filter(ChoiceCall::isOpen).count();
    }

    private boolean addPlace() {
        Optional<Admission.Ticket> place = admission.enterAtOnce();
        place.ifPresent(places::add);
        return place.isPresent();
    }

    private boolean canAdvance() {
        return images.values().stream().anyMatch(ImageWork::unsettled)
                || choices.stream().anyMatch(this::canAdvance);
    }

    private boolean canAdvance(ChoiceCall choice) {
        return choice.isOpen() && (nextEvent(choice) != null || endCounts(choice));
    }

    /** The decoder's next event, where it may be dealt with already: none that shows something of an answer before Started. */
    private GenerateEvent nextEvent(ChoiceCall choice) {
        GenerateEvent event = choice.generate().peek();
        if (event == null) {
            return null;
        }
        return switch (event.getEventCase()) {
            case ACCEPTED, MISSING, EVENT_NOT_SET -> event;
            case TOKENS, COMPLETED -> allEncoded() ? event : null;
        };
    }

    /**
     * Whether the end of the decoder's call ends the request: a decoder that gives up while images are being encoded mostly does
     * so because of one of them, which the vision node says better. A lost one is a loss at once.
     */
    private boolean endCounts(ChoiceCall choice) {
        if (choice.generate().end() == null || choice.generate().hasEvent()) {
            return false;
        }
        return allEncoded() || lost(choice.generate().end()) instanceof Failure.Unavailable;
    }

    private boolean allEncoded() {
        return images.values().stream().allMatch(ImageWork::encoded);
    }

    /** Does what there is to do; true once all choices are whole. */
    private boolean advance() {
        for (ImageWork image : images.values()) {
            if (image.unsettled()) {
                answer(settle(image));
            }
        }
        if (!started && allEncoded()) {
            start();
        }
        for (ChoiceCall choice : choices) {
            if (choice.isOpen()) {
                advance(choice);
            }
        }
        return unstarted.isEmpty() && running() == 0;
    }

    /** To all choices: a decoder ignores a source that it does not wait for. */
    private void answer(Source source) {
        if (source != null) {
            choices.stream().filter(ChoiceCall::isOpen).forEach(choice -> choice.generate()
                    .answer(source));
        }
    }

    private void advance(ChoiceCall choice) {
        GenerateEvent event = nextEvent(choice);
        if (event != null) {
            handle(choice, event);
        } else if (endCounts(choice)) {
            GenerateCall.End end = choice.generate().end();
            // Choice 0 says whether the decoder takes the request at all.
            if (choice.index() > 0 && failure(end) instanceof Failure.Overloaded overloaded) {
                startLater(choice, overloaded);
            } else {
                throw new FailureException(lost(end));
            }
        }
    }

    /** Once another choice has ended, or, where none runs, when the decoder says that it is worth a try. */
    private void startLater(ChoiceCall choice, Failure.Overloaded overloaded) {
        choice.close();
        unstarted.addFirst(choice);
        crowded = running() > 0;
        if (!crowded) {
            scope.pause(overloaded.retryAfter());
        }
        usePlaces();
    }

    private Source settle(ImageWork image) {
        try {
            return image.settle();
        } catch (FailureException e) {
            throw generated() == 0 ? e : broken(e.failure().message());
        }
    }

    private void start() {
        started = true;
        times.encoded();
        scope.await(sink::isReady);
        sink.send(ChatEvent.newBuilder().setStarted(layout.started(scope)).build());
    }

    private void handle(ChoiceCall choice, GenerateEvent event) {
        switch (event.getEventCase()) {
            case ACCEPTED -> accepted(choice, event.getAccepted());
            case MISSING -> missing(choice, event.getMissing());
            case TOKENS -> tokens(choice, event.getTokens());
            case COMPLETED -> completed(choice, event.getCompleted());
            case EVENT_NOT_SET -> throw Incidents.report("a decoder sent an event of no kind");
        }
    }

    private void accepted(ChoiceCall choice, Accepted accepted) {
        if (accepted.getPromptTokens() != request.promptTokens()) {
            throw Incidents.report("gateway and decoder count " + request.promptTokens() + " and "
                    + accepted.getPromptTokens() + " prompt tokens");
        }
        if (choice.index() == 0) {
            cachedTokens = accepted.getCachedTokens();
            parts.metrics().prompt(request.promptTokens(), cachedTokens);
        }
        choice.generate().take();
    }

    private void missing(ChoiceCall choice, Missing missing) {
        ImageWork image = images.get(missing.getEmbeddingKey());
        if (image == null) {
            throw Incidents.report("a decoder misses an image that is not in its prompt");
        }
        try {
            image.missed();
        } catch (FailureException e) {
            throw generated() == 0 ? e : broken(e.failure().message());
        }
        choice.generate().take();
    }

    private void tokens(ChoiceCall choice, Tokens tokens) {
        scope.await(sink::isReady);
        AnswerWriter writer = choice.writer();
        int left = request.ending().maxTokens() - writer.count();
        if (tokens.getFirstIndex() != writer.count() || tokens.getIdsCount() > left) {
            throw Incidents.report("tokens " + tokens.getFirstIndex() + " to "
                    + (tokens.getFirstIndex() + tokens.getIdsCount()) + " came after " + writer.count()
                    + " of at most " + request.ending().maxTokens());
        }
        choice.generate().take();
        Delta delta = writer.write(tokens);
        times.tokens(choice.index(), delta.getTokenIdsCount());
        parts.metrics().completion(delta.getTokenIdsCount());
        send(choice, delta);
        if (writer.stop().isPresent()) {
            // The decoder is let go.
            finish(choice, Finished.Reason.REASON_STOP);
        } else {
            usePlaces();
        }
    }

    private void completed(ChoiceCall choice, Completed completed) {
        AnswerWriter writer = choice.writer();
        if (completed.getGenerated() != writer.count()) {
            throw Incidents.report(
                    "a decoder generated " + completed.getGenerated() + " tokens and sent " + writer.count());
        }
        choice.generate().take();
        String rest = writer.finish();
        if (!rest.isEmpty()) {
            scope.await(sink::isReady);
            send(choice, Delta.newBuilder().setText(rest).build());
        }
        boolean length = completed.getReason() == Completed.Reason.REASON_LENGTH
                && writer.stop().isEmpty();
        finish(choice, length ? Finished.Reason.REASON_LENGTH : Finished.Reason.REASON_STOP);
    }

    private void send(ChoiceCall choice, Delta delta) {
        Delta numbered = choice.index() == 0
                ? delta
                : delta.toBuilder().setChoice(choice.index()).build();
        sink.send(ChatEvent.newBuilder().setDelta(numbered).build());
    }

    private void finish(ChoiceCall choice, Finished.Reason reason) {
        choice.finish(reason);
        crowded = false;
        if (request.choices() > 1) {
            scope.await(sink::isReady);
            sink.send(ChatEvent.newBuilder()
                    .setChoiceFinished(choice.finished().orElseThrow())
                    .build());
        }
        usePlaces();
    }

    private void finish() {
        ChoiceFinished first = choices.getFirst().finished().orElseThrow();
        scope.await(sink::isReady);
        sink.send(ChatEvent.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setReason(first.getReason())
                        .setStop(first.getStop())
                        .setUsage(layout.usage(generated(), cachedTokens))
                        .setTimings(times.timings()))
                .build());
    }

    /** Tokens of all choices so far. */
    private int generated() {
        return choices.stream().mapToInt(choice -> choice.writer().count()).sum();
    }

    private Failure lost(GenerateCall.End end) {
        return switch (end) {
            case GenerateCall.End.Broken(Throwable cause)
            when generated() > 0 -> WorkerFailures.afterTokens(cause, "decoder");
            case GenerateCall.End.Broken _, GenerateCall.End.Completed _ -> failure(end);
        };
    }

    /** As if nothing of the answer was sent yet. */
    private static Failure failure(GenerateCall.End end) {
        return switch (end) {
            case GenerateCall.End.Completed() -> new Failure.Unavailable("the decoder ended without an answer");
            case GenerateCall.End.Broken(Throwable cause) -> WorkerFailures.beforeTokens(cause, "decoder");
        };
    }

    private static FailureException broken(String why) {
        return new FailureException(new Failure.Aborted(why + ", after a part of the answer was sent"));
    }

    @Override
    public void close() {
        images.values().forEach(ImageWork::close);
        choices.forEach(ChoiceCall::close);
        lease.close();
        places.forEach(Admission.Ticket::close);
    }
}
