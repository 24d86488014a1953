package org.llavacluster.gateway.fake;

import java.util.List;
import org.llavacluster.proto.cluster.v1.Accepted;
import org.llavacluster.proto.cluster.v1.Completed;
import org.llavacluster.proto.cluster.v1.GenerateEvent;
import org.llavacluster.proto.cluster.v1.ImageReference;
import org.llavacluster.proto.cluster.v1.Logprobs;
import org.llavacluster.proto.cluster.v1.Missing;
import org.llavacluster.proto.cluster.v1.Moved;
import org.llavacluster.proto.cluster.v1.Tokens;

/** Events of a decoder. */
final class DecoderEvents {

    /** Difference between the log probabilities of two neighbouring alternatives. */
    static final float LOGPROB_STEP = -0.5f;

    private DecoderEvents() {}

    static GenerateEvent accepted(String numericsId, int promptTokens) {
        return GenerateEvent.newBuilder()
                .setAccepted(Accepted.newBuilder()
                        .setNumericsId(numericsId)
                        .setPromptTokens(promptTokens)
                        .setCachedTokens(promptTokens / 2))
                .build();
    }

    static GenerateEvent missing(ImageReference image, boolean unreachable) {
        return GenerateEvent.newBuilder()
                .setMissing(Missing.newBuilder()
                        .setEmbeddingKey(image.getEmbeddingKey())
                        .setFeatureKey(image.getFeatureKey())
                        .setUnreachable(unreachable))
                .build();
    }

    static GenerateEvent moved() {
        return GenerateEvent.newBuilder().setMoved(Moved.getDefaultInstance()).build();
    }

    /**
     * @param alternatives with each token; negative for no log probabilities
     */
    static GenerateEvent tokens(int firstIndex, List<Integer> ids, int alternatives) {
        Tokens.Builder tokens = Tokens.newBuilder().setFirstIndex(firstIndex).addAllIds(ids);
        for (int i = 0; i < ids.size() && alternatives >= 0; i++) {
            Logprobs.Builder logprobs = Logprobs.newBuilder().setChosen(LOGPROB_STEP);
            for (int rank = 0; rank < alternatives; rank++) {
                logprobs.addTopIds(300 + (ids.get(i) + rank) % 350).addTopLogprobs(LOGPROB_STEP * (rank + 1));
            }
            tokens.addLogprobs(logprobs);
        }
        return GenerateEvent.newBuilder().setTokens(tokens).build();
    }

    static GenerateEvent completed(int generated, boolean length) {
        return GenerateEvent.newBuilder()
                .setCompleted(Completed.newBuilder()
                        .setGenerated(generated)
                        .setReason(length ? Completed.Reason.REASON_LENGTH : Completed.Reason.REASON_STOP))
                .build();
    }
}
