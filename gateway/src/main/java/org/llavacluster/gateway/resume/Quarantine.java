package org.llavacluster.gateway.resume;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Digests of requests that are refused for a while. Bounded: a new one replaces the oldest. */
final class Quarantine {

    private static final int MAX_DIGESTS = 1024;

    private final long nanos;

    /** End time by digest, in the order of the times. */
    private final Map<ByteString, Long> until = new LinkedHashMap<>();

    Quarantine(Duration time) {
        this.nanos = time.toNanos();
    }

    void add(ByteString digest, long nowNanos) {
        until.remove(digest);
        until.put(digest, nowNanos + nanos);
        if (until.size() > MAX_DIGESTS) {
            until.remove(until.keySet().iterator().next());
        }
    }

    boolean isEmpty(long nowNanos) {
        release(nowNanos);
        return until.isEmpty();
    }

    /** How long the request is still refused; empty if it is not. */
    Optional<Duration> left(ByteString digest, long nowNanos) {
        release(nowNanos);
        return Optional.ofNullable(until.get(digest)).map(end -> Duration.ofNanos(end - nowNanos));
    }

    private void release(long nowNanos) {
        Iterator<Long> ends = until.values().iterator();
        while (ends.hasNext() && ends.next() - nowNanos <= 0) {
            ends.remove();
        }
    }
}
