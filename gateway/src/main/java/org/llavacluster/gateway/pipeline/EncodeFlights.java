package org.llavacluster.gateway.pipeline;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.llavacluster.gateway.placement.ImageRoute;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.Member;

/**
 * Encodes under way. Requests that need the same image from the same node at the same time share one call: it goes on
 * as long as one of them waits for it, and whoever leaves does not disturb the others.
 */
public final class EncodeFlights {

    private record Key(ByteString featureKey, String node) {}

    private final WorkerChannels channels;
    private final Duration time;
    private final Map<Key, Flight> flights = new HashMap<>();

    /** @param time that an encode may take: at least the longest deadline of a request, which leaves at its own */
    public EncodeFlights(WorkerChannels channels, Duration time) {
        this.channels = channels;
        this.time = time;
    }

    /**
     * Joins the encode of an image, or starts it.
     *
     * @param requester whose turns at the vision node an encode takes that starts now
     * @param onOutcome called once when the outcome is there, by any thread
     */
    Seat join(ImageRoute route, String requester, Runnable onOutcome) {
        Key key = new Key(route.featureKey(), route.vision().id());
        Flight flight;
        Seat seat;
        boolean first;
        synchronized (this) {
            first = !flights.containsKey(key);
            flight = flights.computeIfAbsent(key, Flight::new);
            seat = new Seat(flight, onOutcome);
            flight.seats.add(seat);
        }
        if (first) {
            flight.start(route.vision().member(), route, requester);
        }
        return seat;
    }

    /** Encodes under way. */
    synchronized int size() {
        return flights.size();
    }

    private void land(Flight flight, EncodeCall.Outcome outcome) {
        List<Seat> seats;
        synchronized (this) {
            flights.remove(flight.key, flight);
            flight.outcome = outcome;
            seats = List.copyOf(flight.seats);
            flight.seats.clear();
        }
        seats.forEach(seat -> seat.onOutcome.run());
    }

    private void leave(Seat seat) {
        EncodeCall abandoned = null;
        synchronized (this) {
            Flight flight = seat.flight;
            if (flight.seats.remove(seat) && flight.seats.isEmpty()) {
                flights.remove(flight.key, flight);
                flight.abandoned = true;
                abandoned = flight.call;
            }
        }
        if (abandoned != null) {
            abandoned.cancel();
        }
    }

    private final class Flight {

        private final Key key;
        private final List<Seat> seats = new ArrayList<>();
        private EncodeCall call;
        private boolean abandoned;
        private volatile EncodeCall.Outcome outcome;

        private Flight(Key key) {
            this.key = key;
        }

        private void start(Member node, ImageRoute route, String requester) {
            EncodeCall started;
            try {
                started = EncodeCall.start(channels.to(node), route, requester, time, told -> land(this, told));
            } catch (FailureException e) {
                // The member left the cluster between its being chosen and its being called.
                land(this, new EncodeCall.Outcome.Lost(e.failure()));
                return;
            }
            boolean late;
            synchronized (EncodeFlights.this) {
                call = started;
                late = abandoned;
            }
            if (late) {
                started.cancel();
            }
        }
    }

    /** One request's part in an encode. Closing it, any number of times, leaves it once. */
    final class Seat implements AutoCloseable {

        private final Flight flight;
        private final Runnable onOutcome;
        private final AtomicBoolean closed = new AtomicBoolean();

        private Seat(Flight flight, Runnable onOutcome) {
            this.flight = flight;
            this.onOutcome = onOutcome;
        }

        boolean ended() {
            return flight.outcome != null;
        }

        /** Once it {@link #ended}. */
        EncodeCall.Outcome outcome() {
            return flight.outcome;
        }

        @Override
        public void close() {
            if (closed.compareAndSet(false, true)) {
                leave(this);
            }
        }
    }
}
