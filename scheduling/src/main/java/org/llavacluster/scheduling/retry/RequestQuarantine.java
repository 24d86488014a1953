package org.llavacluster.scheduling.retry;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.llavacluster.scheduling.name.ContentDigest;

/** Digests of requests that killed workers, each for a while. Bounded: the oldest gives way. */
public final class RequestQuarantine {

    private final long lengthNanos;
    private final int most;
    private final Map<ContentDigest, Long> untilNanos = new LinkedHashMap<>(); // oldest first

    /** @param most digests kept */
    public RequestQuarantine(long lengthNanos, int most) {
        if (lengthNanos < 1 || most < 1) {
            throw new IllegalArgumentException("a quarantine of " + lengthNanos + " ns for " + most + " digests");
        }
        this.lengthNanos = lengthNanos;
        this.most = most;
    }

    public void add(long nowNanos, ContentDigest digest) {
        untilNanos.remove(digest);
        untilNanos.put(digest, nowNanos + lengthNanos);
        Iterator<Long> oldest = untilNanos.values().iterator();
        while (oldest.hasNext() && (oldest.next() <= nowNanos || untilNanos.size() > most)) {
            oldest.remove();
        }
    }

    /** How long the digest stays here; empty if it is not here. */
    public OptionalLong remainingNanos(long nowNanos, ContentDigest digest) {
        Long until = untilNanos.get(digest);
        return until == null || until <= nowNanos ? OptionalLong.empty() : OptionalLong.of(until - nowNanos);
    }

    public int size() {
        return untilNanos.size();
    }
}
