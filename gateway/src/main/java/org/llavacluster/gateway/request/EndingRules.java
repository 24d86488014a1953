package org.llavacluster.gateway.request;

import static org.llavacluster.gateway.request.Refusals.beyond;
import static org.llavacluster.gateway.request.Refusals.outside;
import static org.llavacluster.gateway.request.Refusals.refuse;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** A request's settings for the end of its answer, checked as far as possible without its prompt. */
final class EndingRules {

    private final RequestLimits limits;
    private final ChatDraft.Ending draft;
    private final OptionalInt maxTokens;
    private final int minTokens;
    private final Set<Integer> stopIds;

    /**
     * @param vocabulary number of token ids
     */
    EndingRules(RequestLimits limits, int vocabulary, ChatDraft.Ending draft) {
        this.limits = limits;
        this.draft = draft;
        checkStops();
        this.stopIds = stopIds(vocabulary);
        this.maxTokens = readMaxTokens();
        this.minTokens = readMinTokens();
    }

    /** The request's limit of answer tokens, if it has one. */
    OptionalInt maxTokens() {
        return maxTokens;
    }

    private OptionalInt readMaxTokens() {
        if (draft.maxTokens().isEmpty()) {
            return OptionalInt.empty();
        }
        long value = draft.maxTokens().getAsLong();
        if (value < 1 || value > Integer.MAX_VALUE) {
            throw outside("max_tokens", "from 1 to what the context holds", value);
        }
        return OptionalInt.of((int) value);
    }

    /**
     * @param fitted most tokens of the answer
     * @param own ends of the model and its chat template
     */
    ValidRequest.Ending check(int fitted, EncodedPrompt.Ends own) {
        if (minTokens > fitted) {
            throw outside("min_tokens", "from 0 to the " + fitted + " tokens that the answer may have", minTokens);
        }
        List<String> stops = new ArrayList<>(draft.stops());
        Set<Integer> ids = new HashSet<>(stopIds);
        if (!draft.ignoreEnds()) {
            stops.addAll(own.texts());
            ids.addAll(own.ids());
        }
        return new ValidRequest.Ending(fitted, minTokens, stops, ids);
    }

    private void checkStops() {
        List<String> stops = draft.stops();
        if (stops.size() > limits.maxStopStrings()) {
            throw beyond("stop", "strings", limits.maxStopStrings(), stops.size());
        }
        for (int i = 0; i < stops.size(); i++) {
            String field = "stop[" + i + "]";
            if (stops.get(i).isEmpty()) {
                throw refuse(field, "must not be empty");
            }
            TextRules.bytes(field, stops.get(i));
            int characters = stops.get(i).codePointCount(0, stops.get(i).length());
            if (characters > limits.maxStopCharacters()) {
                throw beyond(field, "characters", limits.maxStopCharacters(), characters);
            }
        }
    }

    private Set<Integer> stopIds(int vocabulary) {
        List<Long> given = draft.stopIds();
        if (given.size() > RequestLimits.MAX_STOP_TOKEN_IDS) {
            throw beyond("stop_token_ids", "ids", RequestLimits.MAX_STOP_TOKEN_IDS, given.size());
        }
        Set<Integer> ids = new HashSet<>();
        for (int i = 0; i < given.size(); i++) {
            ids.add(TokenIdRules.check("stop_token_ids[" + i + "]", given.get(i), vocabulary));
        }
        return ids;
    }

    private int readMinTokens() {
        long value = draft.minTokens().orElse(0);
        if (value < 0 || value > Integer.MAX_VALUE) {
            throw outside("min_tokens", "from 0 to max_tokens", value);
        }
        return (int) value;
    }
}
