package org.llavacluster.cli.bench;

import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The time from one token of a stream to the next, in nanoseconds of one clock. */
public record TokenWait(long from, long to) {

    /** What else the cluster did at the time. */
    public enum Phase {
        UNDISTURBED,
        /** The image of a new prompt was encoded. */
        ENCODE,
        /** The rows of a new prompt were computed. */
        PREFILL
    }

    /** Times of a new prompt beside running streams: sent, image encoded, first token received. */
    public record Arrival(long sent, long encoded, long firstToken) {}

    public TokenWait {
        if (to < from) {
            throw new IllegalArgumentException("a wait that ends " + (from - to) + " ns before it starts");
        }
    }

    /** All waits of one answer. */
    public static List<TokenWait> between(List<Long> tokens) {
        List<TokenWait> waits = new ArrayList<>();
        for (int i = 1; i < tokens.size(); i++) {
            waits.add(new TokenWait(tokens.get(i - 1), tokens.get(i)));
        }
        return waits;
    }

    /** Milliseconds of the waits by phase. A wait that touches several phases counts for the last of them. */
    public static Map<Phase, SortedValues> byPhase(Collection<TokenWait> waits, Collection<Arrival> arrivals) {
        Map<Phase, List<Double>> millis = new EnumMap<>(Phase.class);
        for (Phase phase : Phase.values()) {
            millis.put(phase, new ArrayList<>());
        }
        for (TokenWait wait : waits) {
            millis.get(wait.phase(arrivals)).add((wait.to - wait.from) * 1e-6);
        }
        Map<Phase, SortedValues> spreads = new EnumMap<>(Phase.class);
        millis.forEach((phase, values) -> spreads.put(phase, SortedValues.of(values)));
        return spreads;
    }

    Phase phase(Collection<Arrival> arrivals) {
        if (arrivals.stream().anyMatch(arrival -> overlaps(arrival.encoded, arrival.firstToken))) {
            return Phase.PREFILL;
        }
        boolean encode = arrivals.stream().anyMatch(arrival -> overlaps(arrival.sent, arrival.encoded));
        return encode ? Phase.ENCODE : Phase.UNDISTURBED;
    }

    private boolean overlaps(long start, long end) {
        return from < end && to > start;
    }
}
