package org.llavacluster.gateway.pipeline;

import java.util.Optional;
import org.llavacluster.gateway.dispatch.DispatchedRequest;
import org.llavacluster.gateway.dispatch.KnownWorker;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.cluster.v1.Accepted;
import org.llavacluster.proto.cluster.v1.Completed;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.cluster.v1.Tokens;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.name.ContentDigest;

/**
 * One choice of a request: its place at the scheduler, its call to a decoder, the next call if that is lost, and its
 * result. Written text is kept across calls, so a client does not notice the change. Used on the request's thread only.
 */
final class ChoiceCall implements AutoCloseable {

    private final int index;
    private final ValidRequest request;
    private final ChatParts parts;
    private final AnswerWriter writer;
    private final AnswerStream stream;
    private final AnswerTimes times;

    /** Null while it is not at the scheduler. */
    private DispatchedRequest place;

    /** Of the newest call. */
    private int attempt;

    private DecoderConnections.Lease connection;

    /** Null while no call runs. */
    private GenerateCall generate;

    private String numericsId = "";
    private boolean accepted;
    private int cachedTokens;

    /** Tokens that the scheduler was told of. */
    private int reported;

    /** Whether tokens of the newest call came. */
    private boolean streaming;

    /** How its newest call ended early; null before. */
    private DecoderEnd loss;

    private int moves;

    /** Null until complete. */
    private ChoiceFinished finished;

    ChoiceCall(int index, ValidRequest request, ChatParts parts, AnswerStream stream, AnswerTimes times) {
        this.index = index;
        this.request = request;
        this.parts = parts;
        this.writer = new AnswerWriter(
                parts.tokenizer(),
                request.ending().stops(),
                request.ending().minTokens(),
                parts.model().decoder().vocabulary());
        this.stream = stream;
        this.times = times;
    }

    int index() {
        return index;
    }

    /** Tokens written so far. */
    int generated() {
        return writer.count();
    }

    /** Prompt tokens that the first decoder had in its prefix cache. */
    int cachedTokens() {
        return cachedTokens;
    }

    /** How often it continued at another decoder, or again at the same one. */
    int moves() {
        return moves;
    }

    /** How its newest call ended early. */
    Optional<Failure> newestFailure() {
        return Optional.ofNullable(loss).map(DecoderEnd::failure);
    }

    /** Numerics id of the tokens so far; empty without any. */
    Optional<String> numericsId() {
        return generated() > 0 ? Optional.of(numericsId) : Optional.empty();
    }

    void submit(RequestPlan plan) {
        place = plan.submit(index);
    }

    /** Whether the scheduler has it, or its result is there. */
    boolean isSubmitted() {
        return place != null || finished != null;
    }

    boolean hasAction() {
        return place != null && place.hasNext();
    }

    /** What the scheduler wants next; null if nothing. */
    ClusterAction nextAction() {
        return place == null ? null : place.next();
    }

    /** The scheduler refused it; it may be submitted again. */
    void refused() {
        place = null;
        loss = null;
    }

    /**
     * Calls a decoder, which continues after what is written already.
     *
     * @param start the first message of a call that begins
     */
    void open(int newAttempt, KnownWorker decoder, Start.Builder start, RequestScope scope) {
        if (finished != null) {
            return;
        }
        attempt = newAttempt;
        reported = writer.count();
        streaming = false;
        if (loss != null && loss.cause() != ClusterEvent.Cause.FULL) {
            moves++;
            parts.metrics().resumed(loss.resumeCause());
        }
        numericsId().ifPresent(start::setNumericsId);
        numericsId = decoder.numericsId();
        start.setMaxTokens(request.ending().maxTokens() - writer.count()).addAllProduced(writer.ids());
        connection = parts.decoders().lease(decoder.member());
        generate = GenerateCall.open(connection.channel(), start.build(), scope.remaining(), scope::wake);
    }

    /** Its decoder is no member any more. */
    void unreachable(int newAttempt) {
        attempt = newAttempt;
        lose(DecoderEnd.LOST);
    }

    /** Whether its call runs. */
    boolean isOpen() {
        return generate != null;
    }

    /** The decoder's next event without taking it; null if there is none. */
    GenerateEvent peek() {
        return generate.peek();
    }

    /** How its call ended, after all events were taken; null before. */
    GenerateCall.End end() {
        // Read before the event, because an end comes after all events.
        GenerateCall.End end = generate.end();
        return generate.hasEvent() ? null : end;
    }

    void answer(int of, Source source) {
        if (isOpen() && of == attempt) {
            generate.answer(source);
        }
    }

    /**
     * @throws WorkerFaultException if gateway and decoder count different prompt tokens
     */
    void accepted(Accepted told) {
        if (told.getPromptTokens() != request.promptTokens()) {
            throw new WorkerFaultException("gateway and decoder count " + request.promptTokens() + " and "
                    + told.getPromptTokens() + " prompt tokens");
        }
        if (!accepted && index == 0) {
            cachedTokens = told.getCachedTokens();
            parts.metrics().prompt(request.promptTokens(), cachedTokens);
        }
        accepted = true;
        place.accepted(attempt, told.getCachedTokens());
        generate.take();
    }

    void missing(ContentDigest featureKey, boolean unreachable) {
        place.missing(attempt, featureKey, unreachable);
        generate.take();
    }

    /**
     * @throws WorkerFaultException if they are not the next tokens
     */
    void tokens(Tokens tokens) {
        int left = request.ending().maxTokens() - writer.count();
        if (tokens.getFirstIndex() != writer.count() || tokens.getIdsCount() > left) {
            throw new WorkerFaultException("tokens " + tokens.getFirstIndex() + " to "
                    + (tokens.getFirstIndex() + tokens.getIdsCount()) + " came after " + writer.count()
                    + " of at most " + request.ending().maxTokens());
        }
        if (!streaming) {
            // Before the client is waited for, which may read slowly: the time to this token is the decoder's.
            streaming = true;
            reported += tokens.getIdsCount();
            place.produced(attempt, tokens.getIdsCount());
        }
        stream.awaitReady();
        Delta delta = writer.write(tokens);
        generate.take();
        times.tokens(index, delta.getTokenIdsCount());
        parts.metrics().completion(delta.getTokenIdsCount());
        stream.send(index, delta);
        if (writer.stop().isPresent()) {
            // Ends the decoder's call.
            finish(Finished.Reason.REASON_STOP);
        }
    }

    /** The scheduler is told of the first tokens of a call, and at its end of all others. */
    private void report() {
        if (writer.count() > reported) {
            place.produced(attempt, writer.count() - reported);
            reported = writer.count();
        }
    }

    /** @throws WorkerFaultException if tokens are missing */
    void completed(Completed completed) {
        if (completed.getGenerated() != writer.count()) {
            throw new WorkerFaultException(
                    "a decoder generated " + completed.getGenerated() + " tokens and sent " + writer.count());
        }
        generate.take();
        finishWith(completed.getReason() == Completed.Reason.REASON_LENGTH);
    }

    /** Its call has ended early, or is given up: the scheduler decides what becomes of it. */
    void lose(DecoderEnd end) {
        loss = end;
        report();
        if (writer.count() == request.ending().maxTokens()) {
            // Only the end was missing.
            finishWith(true);
            return;
        }
        closeCall();
        place.broken(attempt, end.cause());
    }

    /** The scheduler gave its call up: it goes on elsewhere, or ends. */
    void abandon(int of, DecoderEnd because) {
        if (!isOpen() || of != attempt) {
            return;
        }
        loss = because;
        closeCall();
        if (writer.count() == request.ending().maxTokens()) {
            finishWith(true);
        }
    }

    private void finishWith(boolean length) {
        String rest = writer.finish();
        if (!rest.isEmpty()) {
            stream.send(index, Delta.newBuilder().setText(rest).build());
        }
        finish(length && writer.stop().isEmpty() ? Finished.Reason.REASON_LENGTH : Finished.Reason.REASON_STOP);
    }

    private void finish(Finished.Reason reason) {
        finished = ChoiceFinished.newBuilder()
                .setChoice(index)
                .setReason(reason)
                .setStop(writer.stop().orElse(""))
                .setCompletionTokens(writer.count())
                .build();
        if (isOpen()) {
            report();
            place.completed(attempt);
        }
        close();
        if (request.choices() > 1) {
            stream.send(finished);
        }
    }

    /** Its result; empty before it is complete. */
    Optional<ChoiceFinished> finished() {
        return Optional.ofNullable(finished);
    }

    private void closeCall() {
        if (generate != null) {
            generate.close();
            generate = null;
        }
        if (connection != null) {
            connection.close();
            connection = null;
        }
    }

    /** Frees what it holds at the decoder and at the scheduler. */
    @Override
    public void close() {
        closeCall();
        if (place != null) {
            place.close();
        }
    }
}
