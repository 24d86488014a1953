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
 * One choice of a request: its call to a decoder, the next call if that is lost, and its result. Written text is kept
 * across calls, so a client does not notice the change. Used on the request's thread only.
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

    /**
     * Calls the decoder, which continues after what is written already; owns the lease from then on.
     *
     * @param start the first message of a call that begins
     * @param numericsId numerics id of the tokens sent already; empty without any
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

    /** Whether it has started and is not complete. */
    boolean isRunning() {
        return generate != null || lost;
    }

    /** Whether it waits for a decoder to continue at. */
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

    /** The decoder's next event without taking it; null if there is none. */
    GenerateEvent peek() {
        return generate.peek();
    }

    void take() {
        generate.take();
    }

    /** How its call ended, after all events were taken; null before. */
    GenerateCall.End end() {
        // Read before the event, because an end comes after all events.
        GenerateCall.End end = generate.end();
        return generate.hasEvent() ? null : end;
    }

    void answer(Source source) {
        if (isOpen()) {
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
        generate.take();
    }

    /**
     * @throws WorkerFaultException if they are not the next tokens
     */
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
            // Ends the decoder's call.
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
     * Its call is lost or given up.
     *
     * @return whether it must continue elsewhere; false if all of its tokens had arrived and only the end was missing
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

    /** Its result; empty before it is complete. */
    Optional<ChoiceFinished> finished() {
        return Optional.ofNullable(finished);
    }

    /** Frees what it holds at the decoder. An incomplete choice may be opened again. */
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
