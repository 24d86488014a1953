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
 * Encodes in progress. Requests that need the same image from the same node at the same time share one call. It
 * continues as long as one of them waits for it, and a request that leaves does not affect the others.
 */
public final class EncodeFlights {

    private record Key(ByteString featureKey, String node) {}

    private final WorkerChannels channels;
    private final Duration time;
    private final Map<Key, Flight> flights = new HashMap<>();

    /**
     * @param time limit of an encode: at least the longest deadline of a request, which leaves at its own
     */
    public EncodeFlights(WorkerChannels channels, Duration time) {
        this.channels = channels;
        this.time = time;
    }

    /**
     * Joins the encode of an image, or starts it.
     *
     * @param requester requester whose turns at the vision node a new encode takes
     * @param onOutcome called once with the outcome, on any thread
     */
    Seat join(ImageRoute route, EncodeCall.Requester requester, Runnable onOutcome) {
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

    /** Number of encodes in progress. */
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

        private void start(Member node, ImageRoute route, EncodeCall.Requester requester) {
            EncodeCall started;
            try {
                started = EncodeCall.start(channels.to(node), route, requester, time, told -> land(this, told));
            } catch (FailureException e) {
                // The member left the cluster between being chosen and being called.
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

    /** One request's part in an encode. The first close leaves it; later ones do nothing. */
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

        /** The outcome, after {@link #ended}. */
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
