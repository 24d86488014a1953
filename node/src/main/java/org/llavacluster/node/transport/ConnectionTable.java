package org.llavacluster.node.transport;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The open connections of a port, and which one is closed when there is no room for another. A silent connection goes
 * first, then one without calls; of several the oldest of the address with most of them. So idle connections give way
 * to new ones, and a connection with calls is never closed. Knows neither threads nor sockets nor the time.
 *
 * @param <C> names a connection
 */
final class ConnectionTable<C> {

    /**
     * @param connections open ones
     * @param perAddress open ones of one address; fewer than all, so that other addresses find room
     * @param silent open ones that have not sent the preface
     */
    record Room(int connections, int perAddress, int silent) {

        Room {
            if (connections < 1 || perAddress < 1 || silent < 1) {
                throw new IllegalArgumentException("room for " + connections + " connections, " + perAddress
                        + " of one address, " + silent + " silent ones");
            }
        }
    }

    /** The result for a new connection. */
    sealed interface Arrival<C> {

        /** It is open now. The connections that it replaced must be closed and are no longer in the table. */
        record Admitted<C>(List<C> closed) implements Arrival<C> {}

        /** There is no room. */
        record Refused<C>() implements Arrival<C> {}
    }

    private static final class Entry {

        private final Object address;
        private boolean spoken;
        private int calls;

        private Entry(Object address) {
            this.address = address;
        }
    }

    private final Room room;

    /** The oldest first. */
    private final Map<C, Entry> open = new LinkedHashMap<>();

    ConnectionTable(Room room) {
        this.room = room;
    }

    /**
     * @param address address of the peer
     */
    Arrival<C> arrive(C connection, Object address) {
        Optional<C> place;
        if (count(entry -> entry.address.equals(address)) >= room.perAddress) {
            place = dispensable(entries(entry -> entry.address.equals(address)));
        } else if (open.size() >= room.connections) {
            place = dispensable(entries(_ -> true));
        } else if (count(entry -> !entry.spoken) >= room.silent) {
            place = dispensable(entries(entry -> !entry.spoken));
        } else {
            open.put(connection, new Entry(address));
            return new Arrival.Admitted<>(List.of());
        }
        if (place.isEmpty()) {
            return new Arrival.Refused<>();
        }
        open.remove(place.get());
        open.put(connection, new Entry(address));
        return new Arrival.Admitted<>(List.of(place.get()));
    }

    /** The oldest connection of the address with most, among the silent ones, or else among those without calls. */
    private Optional<C> dispensable(List<Map.Entry<C, Entry>> candidates) {
        return oldestOfMost(candidates.stream().filter(each -> !each.getValue().spoken))
                .or(() -> oldestOfMost(candidates.stream().filter(each -> each.getValue().calls == 0)));
    }

    private static <C> Optional<C> oldestOfMost(Stream<Map.Entry<C, Entry>> candidates) {
        Map<Object, List<C>> byAddress = new LinkedHashMap<>();
        candidates.forEach(each -> byAddress
                .computeIfAbsent(each.getValue().address, _ -> new ArrayList<>())
                .add(each.getKey()));
        return byAddress.values().stream()
                .max(Comparator.comparingInt(Collection::size))
                .map(List::getFirst);
    }

    private long count(Predicate<Entry> condition) {
        return open.values().stream().filter(condition).count();
    }

    private List<Map.Entry<C, Entry>> entries(Predicate<Entry> condition) {
        return open.entrySet().stream()
                .filter(each -> condition.test(each.getValue()))
                .toList();
    }

    /** The peer has sent the preface. */
    void spoke(C connection) {
        Entry entry = open.get(connection);
        if (entry != null) {
            entry.spoken = true;
        }
    }

    void callBegan(C connection) {
        Entry entry = open.get(connection);
        if (entry != null) {
            entry.calls++;
        }
    }

    void callEnded(C connection) {
        Entry entry = open.get(connection);
        if (entry != null) {
            entry.calls--;
        }
    }

    void closed(C connection) {
        open.remove(connection);
    }

    int size() {
        return open.size();
    }
}
