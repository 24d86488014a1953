package org.llavacluster.gateway.entrance;

import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The open connections in total and per peer. If there is no place for another one, it replaces the connection that has
 * been without a request for the longest time. Connections with a request keep their place.
 */
final class OpenConnections {

    /** A younger one may be about to send its first request. */
    private static final long NEW_NANOS = 1_000_000_000L;

    /** An open connection. */
    interface Connection {
        String peer();

        /** The time since which it has no request, in nanoseconds; empty while it has one. */
        Optional<Long> idleSince();

        /** Called on any thread. */
        void makeRoom();
    }

    private final int limit;
    private final int peerLimit;
    private final Set<Connection> open = new LinkedHashSet<>();
    private final Map<String, Integer> byPeer = new HashMap<>();

    /**
     * @param peerLimit limit per peer
     */
    OpenConnections(int limit, int peerLimit) {
        if (limit < 1 || peerLimit < 1 || peerLimit > limit) {
            throw new IllegalArgumentException(limit + " connections, " + peerLimit + " of one peer");
        }
        this.limit = limit;
        this.peerLimit = peerLimit;
    }

    /**
     * Takes a place for the connection, which must be {@link #remove removed} when it closes; false if there is none.
     */
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

    /**
     * @param peer only connections of this peer; null for any
     */
    private Optional<Connection> longestIdle(long now, String peer) {
        return open.stream()
                .filter(other -> peer == null || other.peer().equals(peer))
                .filter(other -> other.idleSince()
                        .filter(since -> now - since >= NEW_NANOS)
                        .isPresent())
                // A connection that has just received a request counts as the youngest.
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
