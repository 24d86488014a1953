package org.llavacluster.worker.flight;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Makes the value of a key once for all who want it at the same time. One who leaves does not disturb the others; when the last
 * one has left the work is stopped. At most one flight per key; their number is bounded by that of the calls which wait.
 */
public final class SingleFlight<K, V> {

    private final Function<K, Optional<V>> held;
    private final Map<K, Flight<V>> flights = new HashMap<>();

    /** @param held finds values made before; a maker stores its value there before it finishes the flight */
    public SingleFlight(Function<K, Optional<V>> held) {
        this.held = held;
    }

    /** Ends one caller's interest; without effect once the value was handed over. */
    public interface Ticket extends AutoCloseable {

        @Override
        void close();
    }

    /**
     * Tells the waiter the value, now if it is held; else joins the flight that makes it or starts one.
     *
     * @param waiter called at most once, by any thread
     * @param start begins the work; runs on this thread, and tells of a failure by finishing the flight, not by throwing
     */
    public Ticket join(K key, Consumer<V> waiter, Consumer<Flight<V>> start) {
        Optional<V> value;
        Flight<V> flight = null;
        boolean begins = false;
        synchronized (this) {
            // Looked up under the lock: a flight that has just ended has left its value.
            value = held.apply(key);
            if (value.isEmpty()) {
                flight = flights.get(key);
                if (flight == null || !flight.add(waiter)) {
                    flight = begin(key, waiter);
                    begins = true;
                }
            }
        }
        if (value.isPresent()) {
            waiter.accept(value.get());
            return () -> {};
        }
        if (begins) {
            start.accept(flight);
        }
        Flight<V> joined = flight;
        return () -> joined.leave(waiter);
    }

    /** The same, but starts nothing: empty where the value is neither held nor being made. */
    public Optional<Ticket> joinExisting(K key, Consumer<V> waiter) {
        Optional<V> value;
        Flight<V> flight;
        synchronized (this) {
            value = held.apply(key);
            flight = flights.get(key);
            if (value.isEmpty() && (flight == null || !flight.add(waiter))) {
                return Optional.empty();
            }
        }
        if (value.isPresent()) {
            waiter.accept(value.get());
            return Optional.of(() -> {});
        }
        return Optional.of(() -> flight.leave(waiter));
    }

    /** How many values are being made. */
    public synchronized int size() {
        return flights.size();
    }

    private Flight<V> begin(K key, Consumer<V> waiter) {
        Flight<V> flight = new Flight<>(ended -> remove(key, ended));
        flight.add(waiter);
        flights.put(key, flight);
        return flight;
    }

    private synchronized void remove(K key, Flight<V> flight) {
        flights.remove(key, flight);
    }
}
