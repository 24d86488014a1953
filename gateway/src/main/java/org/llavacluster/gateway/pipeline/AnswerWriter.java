package org.llavacluster.gateway.pipeline;

import com.google.common.primitives.Ints;
import com.google.protobuf.ByteString;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.llavacluster.proto.cluster.v1.Logprobs;
import org.llavacluster.proto.cluster.v1.Tokens;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.TokenLogprob;
import org.llavacluster.proto.v1.TokenLogprobs;
import org.llavacluster.text.answer.Detokenizer;
import org.llavacluster.text.answer.StopMatcher;
import org.llavacluster.text.tokenizer.Tokenizer;

/**
 * Turns generated ids into what the client is sent. The pieces of text, concatenated, are what the tokenizer decodes from all ids
 * together, cut before the first stop string; ids go out at once, text when later ids can no longer change it. Stop strings are looked
 * for in the text of the tokens after the first {@code minTokens}.
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

    /** @param vocabulary ids are in {@code [0, vocabulary)} */
    AnswerWriter(Tokenizer tokenizer, List<String> stops, int minTokens, int vocabulary) {
        this.tokenizer = tokenizer;
        this.detokenizer = new Detokenizer(tokenizer);
        this.stops = new StopMatcher(stops);
        this.minTokens = minTokens;
        this.vocabulary = vocabulary;
    }

    /** Ids that are part of the answer so far, the one that completed a stop string included. */
    int count() {
        return count;
    }

    /** They, as a view of the moment. */
    List<Integer> ids() {
        return Ints.asList(Arrays.copyOf(ids, count));
    }

    /** The stop string that ended the answer, if one did. */
    Optional<String> stop() {
        return stops.match();
    }

    /**
     * The next ids, up to the one that completes a stop string.
     *
     * @throws WorkerFaultException if one is no id; none is written then
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

    /** The text held back until now. Nothing may be written after it. */
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
