package org.llavacluster.scheduling.decoder;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.worker.WorkerNode;

/**
 * The decoder with the least estimated time to first token. Of a decoder with rate r (prompt rows per second), q rows
 * of prompts that it has not computed, and c tokens of this prompt of p tokens in its prefix cache:
 *
 * <pre>
 * time = (q + p - c) / r + wait for a slot + failure share * 1 s
 * </pre>
 *
 * A slot is waited for where all are taken: the mean time that a request holds one, divided by their number, for each
 * request ahead. Without the last term a decoder that fails at once would look idle and attract all work. Of decoders
 * with equal times the one with the fewest requests is taken, then the one that the prompt's digest prefers, so that
 * equal prompts meet even before anything is known.
 */
public class DecoderChoice {

    private static final double SECOND = 1e9;
    private static final double UNKNOWN_RATE = 1_000;

    private final int queue;
    private final long promptNanos;

    /**
     * @param queue requests that a decoder is given beyond its slots, so that it need not wait for the gateway
     * @param promptNanos while the prompts that it has take longer it is given no further one, unless it has more of
     *     that one in its cache: they wait in the gateway, where the order is fair
     */
    public DecoderChoice(int queue, long promptNanos) {
        if (queue < 0 || promptNanos < 1) {
            throw new IllegalArgumentException("a queue of " + queue + ", prompts of " + promptNanos + " ns");
        }
        this.queue = queue;
        this.promptNanos = promptNanos;
    }

    /**
     * Whether the decoder would start on the request soon, or at least sooner than another computes what it has of the
     * prompt. One that has no prompt of this gateway gets one in any case: what others gave it may never end.
     */
    protected final boolean hasRoom(Demand demand, WorkerNode decoder, int cached, double holdNanos) {
        double rate = decoder.ratePerSecond(UNKNOWN_RATE);
        boolean soon =
                decoder.work() == 0 || decoder.allWork() / rate * SECOND <= promptNanos || decoder.allWork() < cached;
        double turnNanos = holdNanos / decoder.slots();
        int worthTurns = turnNanos == 0 ? 0 : (int) (cached / rate * SECOND / turnNanos);
        return soon && decoder.hasRoom(demand.kvTokens(), queue + worthTurns);
    }

    /**
     * What a request needs.
     *
     * @param promptTokens tokens produced by earlier attempts included
     * @param kvTokens of prompt and answer
     * @param digest of the request
     * @param avoided ids of decoders that failed it; taken only if no other has room
     */
    public record Demand(int promptTokens, long kvTokens, ContentDigest digest, Set<String> avoided) {}

    /** @param cachedTokens of the prompt that the decoder should have */
    public record Chosen(WorkerNode decoder, int cachedTokens, double expectedNanos) {}

    /**
     * @param holdNanos mean time that a request holds a slot
     * @return empty if none has room
     */
    public Optional<Chosen> choose(
            Demand demand, List<WorkerNode> decoders, List<PrefixIndex.Match> matches, double holdNanos) {
        Chosen best = null;
        for (WorkerNode decoder : decoders) {
            int cached = Math.min(cached(matches, decoder), demand.promptTokens() - 1);
            if (hasRoom(demand, decoder, cached, holdNanos)) {
                Chosen chosen = new Chosen(decoder, cached, expectedNanos(demand, decoder, cached, holdNanos));
                best = best == null || better(demand, chosen, best) ? chosen : best;
            }
        }
        return Optional.ofNullable(best);
    }

    private static int cached(List<PrefixIndex.Match> matches, WorkerNode decoder) {
        for (PrefixIndex.Match match : matches) {
            if (match.decoder() == decoder) {
                return match.tokens();
            }
        }
        return 0;
    }

    private static double expectedNanos(Demand demand, WorkerNode decoder, int cached, double holdNanos) {
        double rows = decoder.allWork() + demand.promptTokens() - cached;
        int ahead = Math.max(0, decoder.allCalls() + 1 - decoder.slots());
        return rows / decoder.ratePerSecond(UNKNOWN_RATE) * SECOND
                + ahead * holdNanos / decoder.slots()
                + decoder.health().failureShare() * SECOND;
    }

    private static boolean better(Demand demand, Chosen a, Chosen b) {
        boolean avoidA = demand.avoided().contains(a.decoder().id());
        boolean avoidB = demand.avoided().contains(b.decoder().id());
        if (avoidA != avoidB) {
            return avoidB;
        }
        if (a.expectedNanos() != b.expectedNanos()) {
            return a.expectedNanos() < b.expectedNanos();
        }
        if (a.decoder().allCalls() != b.decoder().allCalls()) {
            return a.decoder().allCalls() < b.decoder().allCalls();
        }
        return demand.digest().mix(a.decoder().salt())
                > demand.digest().mix(b.decoder().salt());
    }
}
