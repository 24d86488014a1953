package org.llavacluster.decoder.generate;

import io.grpc.stub.ServerCallStreamObserver;
import java.util.ArrayDeque;
import org.llavacluster.model.sampling.Sampled;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.Logprobs;
import org.llavacluster.proto.cluster.v1.Tokens;

/**
 * Tokens waiting to be sent to the reader of one call. They are sent while the transport is ready, and those that
 * gathered in the meantime share a message. The scheduler bounds their number by pausing the sequence.
 */
final class TokenOutbox {

    /** Keeps a message small, even with all alternatives. */
    private static final int TOKENS_PER_MESSAGE = 32;

    private final boolean logprobs;
    private final ArrayDeque<Sampled> tokens = new ArrayDeque<>();
    private int firstIndex; // index of tokens.getFirst()

    TokenOutbox(boolean logprobs) {
        this.logprobs = logprobs;
    }

    void add(int index, Sampled token) {
        if (tokens.isEmpty()) {
            firstIndex = index;
        } else if (index != firstIndex + tokens.size()) {
            throw new IllegalStateException("token " + index + " after " + (firstIndex + tokens.size() - 1));
        }
        tokens.add(token);
    }

    boolean isEmpty() {
        return tokens.isEmpty();
    }

    /** Sends what the transport is ready for and returns the number of tokens sent. */
    int flush(ServerCallStreamObserver<GenerateEvent> reader) {
        int sent = 0;
        while (!tokens.isEmpty() && reader.isReady()) {
            Tokens.Builder message = Tokens.newBuilder().setFirstIndex(firstIndex);
            while (!tokens.isEmpty() && message.getIdsCount() < TOKENS_PER_MESSAGE) {
                append(message, tokens.poll());
            }
            firstIndex += message.getIdsCount();
            sent += message.getIdsCount();
            reader.onNext(GenerateEvent.newBuilder().setTokens(message).build());
        }
        return sent;
    }

    private void append(Tokens.Builder message, Sampled token) {
        message.addIds(token.id());
        if (!logprobs) {
            return;
        }
        Logprobs.Builder alternatives = Logprobs.newBuilder().setChosen(token.logprob());
        for (int id : token.topIds()) {
            alternatives.addTopIds(id);
        }
        for (float logprob : token.topLogprobs()) {
            alternatives.addTopLogprobs(logprob);
        }
        message.addLogprobs(alternatives);
    }
}
