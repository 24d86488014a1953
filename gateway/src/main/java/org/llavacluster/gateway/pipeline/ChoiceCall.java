package org.llavacluster.gateway.pipeline;

import java.util.Optional;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.proto.cluster.v1.Accepted;
import org.llavacluster.proto.cluster.v1.Completed;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.Source;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.cluster.v1.Tokens;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;

/**
 * One of a request's choices: its call to a decoder, the next call where that is lost, and what it has become. What was written so far
 * is kept across calls, so a client does not notice the change. By the request's thread alone.
 */
final class ChoiceCall implements AutoCloseable {

    private final int index;
    private final ValidRequest request;
    private final ChatParts parts;
    private final AnswerWriter writer;
    private final AnswerStream stream;
    private final AnswerTimes times;

    private Placement.DecoderLease lease;
    private DecoderConnections.Lease connection;
    private GenerateCall generate;
    private long openedNanos;
    private boolean accepted;
    private int cachedTokens;
    private boolean lost;

    /** Null until it is whole. */
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

    /**
     * Calls the decoder, which goes on after what is written already; takes the lease over.
     *
     * @param start the first message of a call that begins
     * @param numericsId of the tokens sent already; empty while there are none
     */
    void open(Placement.DecoderLease decoder, Start.Builder start, Optional<String> numericsId, RequestScope scope) {
        lost = false;
        lease = decoder;
        openedNanos = scope.now();
        connection = parts.decoders().lease(decoder.member());
        numericsId.ifPresent(start::setNumericsId);
        start.setMaxTokens(request.ending().maxTokens() - writer.count()).addAllProduced(writer.ids());
        generate = GenerateCall.open(connection.channel(), start.build(), scope.remaining(), scope::wake);
    }

    /** Whether its call runs. */
    boolean isOpen() {
        return generate != null;
    }

    /** Whether it has started and is not whole. */
    boolean isRunning() {
        return generate != null || lost;
    }

    /** Whether it waits for a decoder to go on at. */
    boolean isLost() {
        return lost;
    }

    /** The decoder of its newest call. */
    WorkerEpoch decoder() {
        return lease.epoch();
    }

    long openedNanos() {
        return openedNanos;
    }

    /** The decoder's next event, without taking it; null if none is there. */
    GenerateEvent peek() {
        return generate.peek();
    }

    void take() {
        generate.take();
    }

    /** How its call ended, all events taken; null while it has not. */
    GenerateCall.End end() {
        // Read before the event: an end that is there comes after all events.
        GenerateCall.End end = generate.end();
        return generate.hasEvent() ? null : end;
    }

    void answer(Source source) {
        if (isOpen()) {
            generate.answer(source);
        }
    }

    /** @throws WorkerFaultException if gateway and decoder do not mean the same prompt */
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
        generate.take();
    }

    /** @throws WorkerFaultException if they are not the tokens that follow */
    void tokens(Tokens tokens) {
        stream.awaitReady();
        int left = request.ending().maxTokens() - writer.count();
        if (tokens.getFirstIndex() != writer.count() || tokens.getIdsCount() > left) {
            throw new WorkerFaultException("tokens " + tokens.getFirstIndex() + " to "
                    + (tokens.getFirstIndex() + tokens.getIdsCount()) + " came after " + writer.count()
                    + " of at most " + request.ending().maxTokens());
        }
        Delta delta = writer.write(tokens);
        generate.take();
        times.tokens(index, delta.getTokenIdsCount());
        parts.metrics().completion(delta.getTokenIdsCount());
        stream.send(index, delta);
        if (writer.stop().isPresent()) {
            // The decoder is let go.
            finish(Finished.Reason.REASON_STOP);
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

    /**
     * Its call is lost, or given up.
     *
     * @return whether it has to go on elsewhere: not if all of its tokens were there and only its end was missing
     */
    boolean lose() {
        close();
        if (writer.count() == request.ending().maxTokens()) {
            finishWith(true);
            return false;
        }
        lost = true;
        return true;
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
        close();
        if (request.choices() > 1) {
            stream.send(finished);
        }
    }

    /** What it has become; empty while it is not whole. */
    Optional<ChoiceFinished> finished() {
        return Optional.ofNullable(finished);
    }

    /** Frees what it holds at the decoder; a choice that is not whole may be opened again. */
    @Override
    public void close() {
        if (generate != null) {
            generate.close();
            generate = null;
        }
        if (connection != null) {
            connection.close();
        }
        if (lease != null) {
            lease.close();
        }
    }
}
