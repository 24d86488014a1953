package org.llavacluster.scheduling.decoder;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavacluster.scheduling.name.PromptPrefixes;
import org.llavacluster.scheduling.worker.WorkerNode;

/**
 * Which decoders should have the beginning of a prompt in their prefix caches: those that computed it for this gateway
 * before. It is a guess, corrected by what decoders report that they found. Bounded: what was not asked for longest is
 * forgotten.
 */
public final class PrefixIndex {

    /** Decoders remembered for one beginning; more hold it only if one could not keep up. */
    private static final int HOLDERS = 4;

    /** How much of a prompt a decoder should have. */
    public record Match(WorkerNode decoder, int tokens) {}

    private final int most;

    /** Least recently used first. */
    private final Map<Long, List<WorkerNode>> holders = new LinkedHashMap<>(16, 0.75f, true);

    /** @param most beginnings remembered */
    public PrefixIndex(int most) {
        if (most < 1) {
            throw new IllegalArgumentException("an index of " + most + " prefixes");
        }
        this.most = most;
    }

    /** The decoder has computed the whole prompt. */
    public void computed(PromptPrefixes prefixes, WorkerNode decoder) {
        for (long digest : prefixes.digests()) {
            List<WorkerNode> known = holders.computeIfAbsent(digest, _ -> new ArrayList<>(1));
            known.remove(decoder);
            if (known.size() == HOLDERS) {
                known.removeFirst();
            }
            known.add(decoder);
        }
        while (holders.size() > most) {
            holders.remove(holders.keySet().iterator().next());
        }
    }

    /** The decoder found no more than so many tokens of the prompt. */
    public void correct(PromptPrefixes prefixes, WorkerNode decoder, int tokens) {
        long[] digests = prefixes.digests();
        for (int i = tokens / prefixes.blockTokens(); i < digests.length; i++) {
            List<WorkerNode> known = holders.get(digests[i]);
            if (known != null) {
                known.remove(decoder);
            }
        }
    }

    /** Decoders that should have at least the first block. */
    public List<Match> match(PromptPrefixes prefixes) {
        List<Match> matches = new ArrayList<>();
        long[] digests = prefixes.digests();
        List<WorkerNode> running = digests.length == 0 ? List.of() : holders.getOrDefault(digests[0], List.of());
        for (WorkerNode decoder : running) {
            int blocks = 1;
            while (blocks < digests.length
                    && holders.getOrDefault(digests[blocks], List.of()).contains(decoder)) {
                blocks++;
            }
            matches.add(new Match(decoder, blocks * prefixes.blockTokens()));
        }
        return matches;
    }

    public int size() {
        return holders.size();
    }
}
