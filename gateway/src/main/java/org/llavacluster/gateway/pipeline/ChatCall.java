package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import java.util.LinkedHashMap;
import java.util.Map;
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
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;

/**
 * An admitted request from its placement to its last event. Images are encoded while the decoder is already called; the client
 * hears nothing before all of them are known to be good. One thread runs it and waits only in the request's scope, so whatever
 * ends first (answer, deadline, caller or worker) ends the request, and closing frees what it holds at the workers.
 *
 * <p>A decoder that is lost ends the request. Resuming it elsewhere with the tokens produced, as the contract of Generate allows,
 * belongs where {@link #lost} is.
 */
final class ChatCall implements AutoCloseable {

    private final RequestScope scope;
    private final ValidRequest request;
    private final ChatParts parts;
    private final AnswerSink sink;

    private final AnswerWriter writer;
    private final AnswerTimes times;
    private final PromptLayout layout;

    /** By embedding key: an image that stands in the prompt twice is encoded once. */
    private final Map<ByteString, ImageWork> images = new LinkedHashMap<>();

    private final Placement.DecoderLease lease;
    private DecoderConnections.Lease connection;
    private GenerateCall generate;
    private boolean started;
    private int cachedTokens;

    ChatCall(RequestScope scope, ValidRequest request, ChatParts parts, AnswerSink sink) {
        this.scope = scope;
        this.request = request;
        this.parts = parts;
        this.sink = sink;
        this.writer = new AnswerWriter(parts.tokenizer(), request.stops());
        this.times = new AnswerTimes(scope, parts.metrics());
        this.layout = new PromptLayout(request, parts.model());
        this.lease = parts.placement().decoder();
    }

    /** Runs the request to its Finished event. */
    void run() {
        for (ValidRequest.Image image : request.images()) {
            ImageWork work = new ImageWork(image, parts.placement(), parts.flights(), scope::wake);
            images.putIfAbsent(work.route().embeddingKey(), work);
            layout.add(work.route());
        }
        images.values().forEach(ImageWork::encode);
        connection = parts.decoders().lease(lease.member());
        generate = GenerateCall.open(
                connection.channel(),
                layout.start(scope.requestId(), parts.prefixSalt()),
                scope.remaining(),
                scope::wake);
        while (!advance()) {
            scope.await(this::canAdvance);
        }
    }

    private boolean canAdvance() {
        return images.values().stream().anyMatch(ImageWork::unsettled) || nextEvent() != null || endCounts();
    }

    /** The decoder's next event, where it may be dealt with already: none that shows something of an answer before Started. */
    private GenerateEvent nextEvent() {
        GenerateEvent event = generate.peek();
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
    private boolean endCounts() {
        if (generate.end() == null || generate.hasEvent()) {
            return false;
        }
        return allEncoded() || lost(generate.end()) instanceof Failure.Unavailable;
    }

    private boolean allEncoded() {
        return images.values().stream().allMatch(ImageWork::encoded);
    }

    /** Does what there is to do; true once Finished was sent. */
    private boolean advance() {
        for (ImageWork image : images.values()) {
            if (image.unsettled()) {
                Source source = settle(image);
                if (source != null) {
                    generate.answer(source);
                }
            }
        }
        if (!started && allEncoded()) {
            start();
        }
        GenerateEvent event = nextEvent();
        if (event == null) {
            if (endCounts()) {
                throw new FailureException(lost(generate.end()));
            }
            return false;
        }
        return handle(event);
    }

    private Source settle(ImageWork image) {
        try {
            return image.settle();
        } catch (FailureException e) {
            throw writer.count() == 0 ? e : broken(e.failure().message());
        }
    }

    private void start() {
        started = true;
        times.encoded();
        scope.await(sink::isReady);
        sink.send(ChatEvent.newBuilder().setStarted(layout.started(scope)).build());
    }

    private boolean handle(GenerateEvent event) {
        switch (event.getEventCase()) {
            case ACCEPTED -> accepted(event.getAccepted());
            case MISSING -> missing(event.getMissing());
            case TOKENS -> {
                return tokens(event.getTokens());
            }
            case COMPLETED -> {
                completed(event.getCompleted());
                return true;
            }
            case EVENT_NOT_SET -> throw Incidents.report("a decoder sent an event of no kind");
        }
        generate.take();
        return false;
    }

    private void accepted(Accepted accepted) {
        if (accepted.getPromptTokens() != request.promptTokens()) {
            throw Incidents.report("gateway and decoder count " + request.promptTokens() + " and "
                    + accepted.getPromptTokens() + " prompt tokens");
        }
        cachedTokens = accepted.getCachedTokens();
    }

    private void missing(Missing missing) {
        ImageWork image = images.get(missing.getEmbeddingKey());
        if (image == null) {
            throw Incidents.report("a decoder misses an image that is not in its prompt");
        }
        try {
            image.missed();
        } catch (FailureException e) {
            throw writer.count() == 0 ? e : broken(e.failure().message());
        }
    }

    /** True where they completed a stop string: the answer is whole and the decoder is let go. */
    private boolean tokens(Tokens tokens) {
        scope.await(sink::isReady);
        if (tokens.getFirstIndex() != writer.count() || tokens.getIdsCount() > request.maxTokens() - writer.count()) {
            throw Incidents.report("tokens " + tokens.getFirstIndex() + " to "
                    + (tokens.getFirstIndex() + tokens.getIdsCount()) + " came after " + writer.count()
                    + " of at most " + request.maxTokens());
        }
        generate.take();
        Delta delta = writer.write(tokens);
        times.tokens(delta.getTokenIdsCount());
        sink.send(ChatEvent.newBuilder().setDelta(delta).build());
        if (writer.stop().isEmpty()) {
            return false;
        }
        finish(Finished.Reason.REASON_STOP);
        return true;
    }

    private void completed(Completed completed) {
        if (completed.getGenerated() != writer.count()) {
            throw Incidents.report(
                    "a decoder generated " + completed.getGenerated() + " tokens and sent " + writer.count());
        }
        generate.take();
        String rest = writer.finish();
        if (!rest.isEmpty()) {
            scope.await(sink::isReady);
            sink.send(ChatEvent.newBuilder()
                    .setDelta(Delta.newBuilder().setText(rest))
                    .build());
        }
        boolean length = completed.getReason() == Completed.Reason.REASON_LENGTH
                && writer.stop().isEmpty();
        finish(length ? Finished.Reason.REASON_LENGTH : Finished.Reason.REASON_STOP);
    }

    private void finish(Finished.Reason reason) {
        scope.await(sink::isReady);
        sink.send(ChatEvent.newBuilder()
                .setFinished(Finished.newBuilder()
                        .setReason(reason)
                        .setStop(writer.stop().orElse(""))
                        .setUsage(layout.usage(writer.count(), cachedTokens))
                        .setTimings(times.timings()))
                .build());
    }

    private Failure lost(GenerateCall.End end) {
        return switch (end) {
            case GenerateCall.End.Completed() -> new Failure.Unavailable("the decoder ended without an answer");
            case GenerateCall.End.Broken(Throwable cause) ->
                writer.count() == 0
                        ? WorkerFailures.beforeTokens(cause, "decoder")
                        : WorkerFailures.afterTokens(cause, "decoder");
        };
    }

    private static FailureException broken(String why) {
        return new FailureException(new Failure.Aborted(why + ", after a part of the answer was sent"));
    }

    @Override
    public void close() {
        images.values().forEach(ImageWork::close);
        if (generate != null) {
            generate.close();
        }
        if (connection != null) {
            connection.close();
        }
        lease.close();
    }
}
