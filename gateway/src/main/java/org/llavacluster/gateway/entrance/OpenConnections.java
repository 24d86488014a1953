package org.llavacluster.gateway.entrance;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The connections that are open, of all peers and of each. Where there is no place for another one, it takes that of the connection
 * that has been without a request for the longest time; connections with a request keep theirs.
 */
final class OpenConnections {

    /** One that is younger may be about to send its first request. */
    private static final long NEW_NANOS = 1_000_000_000L;

    /** A connection that is open. */
    interface Connection {
        String peer();

        /** Since when it has no request, in nanoseconds; empty while it has one. */
        Optional<Long> idleSince();

        /** From any thread. */
        void makeRoom();
    }

    private final int limit;
    private final int peerLimit;
    private final Set<Connection> open = new LinkedHashSet<>();
    private final Map<String, Integer> byPeer = new HashMap<>();

    /** @param peerLimit of one peer */
    OpenConnections(int limit, int peerLimit) {
        if (limit < 1 || peerLimit < 1 || peerLimit > limit) {
            throw new IllegalArgumentException(limit + " connections, " + peerLimit + " of one peer");
        }
        this.limit = limit;
        this.peerLimit = peerLimit;
    }

    /** Takes a place for the connection, which must be {@link #remove removed} when it closes; false if there is none. */
    synchronized boolean add(Connection connection, long now) {
        boolean peerIsFull = byPeer.getOrDefault(connection.peer(), 0) >= peerLimit;
        if (peerIsFull || open.size() >= limit) {
            Optional<Connection> idle = longestIdle(now, peerIsFull ? connection.peer() : null);
            if (idle.isEmpty()) {
                return false;
            }
            remove(idle.get());
            idle.get().makeRoom();
        }
        open.add(connection);
        byPeer.merge(connection.peer(), 1, Integer::sum);
        return true;
    }

    /** @param peer of which it must be; null for any */
    private Optional<Connection> longestIdle(long now, String peer) {
        return open.stream()
                .filter(other -> peer == null || other.peer().equals(peer))
                .filter(other -> other.idleSince()
                        .filter(since -> now - since >= NEW_NANOS)
                        .isPresent())
                // A connection that gets its request just now counts as the youngest.
                .max(Comparator.comparingLong(other -> now - other.idleSince().orElse(now)));
    }

    synchronized void remove(Connection connection) {
        if (open.remove(connection)) {
            byPeer.computeIfPresent(connection.peer(), (peer, count) -> count == 1 ? null : count - 1);
        }
    }

    synchronized int size() {
        return open.size();
    }
}
