package org.llavacluster.gateway.pipeline;

import java.util.Optional;
import org.llavacluster.gateway.placement.Placement;
import org.llavacluster.proto.cluster.v1.Start;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Finished;

/** One of a request's choices: its call to the decoder while it runs, and what it has become. By the request's thread alone. */
final class ChoiceCall implements AutoCloseable {

    private final int index;
    private final AnswerWriter writer;

    private Placement.DecoderLease lease;
    private DecoderConnections.Lease connection;
    private GenerateCall generate;

    /** Null until it is whole. */
    private ChoiceFinished finished;

    ChoiceCall(int index, AnswerWriter writer) {
        this.index = index;
        this.writer = writer;
    }

    int index() {
        return index;
    }

    AnswerWriter writer() {
        return writer;
    }

    /** Calls the decoder; takes the lease over. */
    void open(Placement.DecoderLease decoder, DecoderConnections connections, Start start, RequestScope scope) {
        lease = decoder;
        connection = connections.lease(decoder.member());
        generate = GenerateCall.open(connection.channel(), start, scope.remaining(), scope::wake);
    }

    /** Whether its call runs. */
    boolean isOpen() {
        return generate != null;
    }

    GenerateCall generate() {
        return generate;
    }

    void finish(Finished.Reason reason) {
        finished = ChoiceFinished.newBuilder()
                .setChoice(index)
                .setReason(reason)
                .setStop(writer.stop().orElse(""))
                .setCompletionTokens(writer.count())
                .build();
        close();
    }

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
