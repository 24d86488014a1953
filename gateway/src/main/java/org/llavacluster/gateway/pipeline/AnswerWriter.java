package org.llavacluster.gateway.pipeline;

import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.llavacluster.modelio.answer.Detokenizer;
import org.llavacluster.modelio.answer.StopMatcher;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.proto.cluster.v1.Logprobs;
import org.llavacluster.proto.cluster.v1.Tokens;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.TokenLogprob;
import org.llavacluster.proto.v1.TokenLogprobs;

/**
 * Converts generated ids to what the client receives. The concatenated text is what the tokenizer decodes from all ids,
 * cut before the first stop string. Ids are sent at once, text when later ids can no longer change it. Stop strings are
 * searched in the text of the tokens after the first {@code minTokens}.
 */
final class AnswerWriter {

    private final Tokenizer tokenizer;
    private final Detokenizer detokenizer;
    private final StopMatcher stops;
    private final int minTokens;
    private final int vocabulary;

    /** The first {@code count} are the answer so far. */
    private int[] ids = new int[64];

    private int count;

    /**
     * @param vocabulary valid ids are in {@code [0, vocabulary)}
     */
    AnswerWriter(Tokenizer tokenizer, List<String> stops, int minTokens, int vocabulary) {
        this.tokenizer = tokenizer;
        this.detokenizer = new Detokenizer(tokenizer);
        this.stops = new StopMatcher(stops);
        this.minTokens = minTokens;
        this.vocabulary = vocabulary;
    }

    /** Number of ids in the answer so far, including the one that completed a stop string. */
    int count() {
        return count;
    }

    /** The current ids, as a view. */
    List<Integer> ids() {
        return Ints.asList(Arrays.copyOf(ids, count));
    }

    /** The stop string that ended the answer, if any. */
    Optional<String> stop() {
        return stops.match();
    }

    /**
     * Adds ids, up to the one that completes a stop string.
     *
     * @throws WorkerFaultException if one is not a valid id; then none is added
     */
    Delta write(Tokens tokens) {
        for (int i = 0; i < tokens.getIdsCount(); i++) {
            if (tokens.getIds(i) < 0 || tokens.getIds(i) >= vocabulary) {
                throw new WorkerFaultException("a decoder sent a token id outside of [0, " + vocabulary + ")");
            }
        }
        Delta.Builder delta = Delta.newBuilder();
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < tokens.getIdsCount() && stop().isEmpty(); i++) {
            int id = tokens.getIds(i);
            append(id);
            delta.addTokenIds(id);
            if (i < tokens.getLogprobsCount()) {
                delta.addLogprobs(logprobs(id, tokens.getLogprobs(i)));
            }
            String piece = detokenizer.add(id);
            text.append(count <= minTokens ? piece : stops.add(piece));
        }
        return delta.setText(text.toString()).build();
    }

    /** The text held back until now. Nothing may be written afterwards. */
    String finish() {
        return stops.add(detokenizer.finish()) + stops.finish();
    }

    private void append(int id) {
        if (count == ids.length) {
            ids = Arrays.copyOf(ids, 2 * count);
        }
        ids[count++] = id;
    }

    private TokenLogprobs logprobs(int id, Logprobs told) {
        TokenLogprobs.Builder logprobs = TokenLogprobs.newBuilder().setChosen(logprob(id, told.getChosen()));
        for (int i = 0; i < told.getTopIdsCount(); i++) {
            logprobs.addTop(logprob(told.getTopIds(i), told.getTopLogprobs(i)));
        }
        return logprobs.build();
    }

    private TokenLogprob logprob(int id, float logprob) {
        byte[] bytes = tokenizer.bytesOf(id);
        return TokenLogprob.newBuilder()
                .setTokenId(id)
                .setText(new String(bytes, StandardCharsets.UTF_8))
                .setBytes(ByteString.copyFrom(bytes))
                .setLogprob(logprob)
                .build();
    }
}
