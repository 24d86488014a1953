package org.llavacluster.gateway.admission;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Bodies and uploads being received: their number, rate, time and memory. Memory is taken for received bytes, never for
 * announced ones.
 *
 * <p>When places or memory run out, a newcomer may displace others: it takes a place from the slowest arrival, and
 * memory from the largest incomplete one if that has more than the newcomer. So slow or large arrivals cannot keep out
 * others, even from the same address. Knows no clock and no thread: times are passed in nanoseconds.
 */
public final class Arrivals {

    private static final Duration RETRY = Duration.ofMillis(500);

    /** A younger arrival keeps its place, because its rate is not known yet. */
    private static final long NEW_NANOS = Duration.ofSeconds(1).toNanos();

    private final ArrivalLimits limits;
    private final ByteBudget budget;
    private final Set<Arrival> arriving = new LinkedHashSet<>();

    public Arrivals(ArrivalLimits limits, ByteBudget budget) {
        this.limits = limits;
        this.budget = budget;
    }

    /**
     * Something begins to arrive. It must end with {@link Arrival#whole} or {@link Arrival#close}.
     *
     * @param peer address of the caller
     * @param onLost called at most once, on any thread, if others take its place or memory
     * @throws FailureException {@link Failure.Overloaded} if there is no place
     */
    public Arrival begin(String peer, long now, Consumer<Failure> onLost) {
        Arrival slowest = null;
        Arrival begun;
        synchronized (this) {
            boolean peerIsFull =
                    arriving.stream().filter(other -> other.peer.equals(peer)).count() >= limits.atOnceOfPeer();
            if (peerIsFull || arriving.size() >= limits.atOnce()) {
                slowest = slowest(now, other -> !peerIsFull || other.peer.equals(peer))
                        .orElseThrow(() -> new FailureException(noPlace()));
                arriving.remove(slowest);
            }
            begun = new Arrival(peer, now, onLost);
            arriving.add(begun);
        }
        if (slowest != null) {
            slowest.lose(new Failure.Overloaded("this request arrived too slowly, and others took its place", RETRY));
        }
        return begun;
    }

    private Failure noPlace() {
        return new Failure.Overloaded(
                "the limit of " + limits.atOnce() + " requests being received at once is reached", RETRY);
    }

    private Optional<Arrival> slowest(long now, Predicate<Arrival> which) {
        return arriving.stream()
                .filter(which)
                .filter(other -> now - other.beganAt >= NEW_NANOS)
                .min(Comparator.comparingDouble(other -> (double) other.received / (now - other.beganAt)));
    }

    private synchronized Optional<Arrival> largest(long moreThan, String peer) {
        return arriving.stream()
                .filter(other -> other.reservation.bytes() > moreThan)
                .max(Comparator.comparing((Arrival other) -> other.peer.equals(peer))
                        .thenComparingLong(other -> other.reservation.bytes()));
    }

    private synchronized boolean remove(Arrival arrival) {
        return arriving.remove(arrival);
    }

    public synchronized int size() {
        return arriving.size();
    }

    synchronized Collection<Arrival> arriving() {
        return Set.copyOf(arriving);
    }

    /** One body or upload. For one thread at a time. */
    public final class Arrival implements AutoCloseable {

        private final String peer;
        private final long beganAt;
        private final Consumer<Failure> onLost;
        private final ByteBudget.Reservation reservation;

        private volatile long received;
        private long windowAt;
        private long windowBytes;

        private Arrival(String peer, long now, Consumer<Failure> onLost) {
            this.peer = peer;
            this.beganAt = now;
            this.windowAt = now;
            this.onLost = onLost;
            this.reservation = budget.open(peer);
        }

        /**
         * Counts received bytes.
         *
         * @param memory memory to take for them
         * @throws FailureException {@link Failure.Overloaded} if it is not free and no larger arrival has it
         */
        public void came(long bytes, long memory) {
            received += bytes;
            windowBytes += bytes;
            while (true) {
                try {
                    reservation.grow(memory);
                    return;
                } catch (FailureException full) {
                    Arrival largest =
                            largest(reservation.bytes() + memory, peer).orElseThrow(() -> full);
                    if (remove(largest)) {
                        largest.lose(full.failure());
                    }
                }
            }
        }

        /** Checks time and rate; to be called at least once in each {@link ArrivalLimits#WINDOW}. */
        public Optional<Failure> check(long now) {
            if (now - beganAt >= limits.maxTime().toNanos()) {
                return Optional.of(new Failure.Expired(
                        "the body was not complete within " + limits.maxTime().toMillis() + " ms"));
            }
            long window = now - windowAt;
            if (window < ArrivalLimits.WINDOW.toNanos()) {
                return Optional.empty();
            }
            long due = limits.minRate() * ArrivalLimits.WINDOW.toSeconds();
            long had = windowBytes;
            windowAt = now;
            windowBytes = 0;
            return had >= due
                    ? Optional.empty()
                    : Optional.of(new Failure.Expired("the body arrived at less than " + limits.minRate()
                            + " bytes/s over " + ArrivalLimits.WINDOW.toSeconds() + " s"));
        }

        /** Time until {@link #check} may have a new result. */
        public Duration untilNextCheck(long now) {
            long end = Math.min(
                    beganAt + limits.maxTime().toNanos() - now, windowAt + ArrivalLimits.WINDOW.toNanos() - now);
            return Duration.ofNanos(Math.max(1, end));
        }

        /**
         * Everything has arrived: its place is free, and its memory stays with the request until the reservation is
         * closed. Empty if others took it just before.
         */
        public Optional<ByteBudget.Reservation> whole() {
            return remove(this) ? Optional.of(reservation) : Optional.empty();
        }

        /** It ended before it was complete. */
        @Override
        public void close() {
            remove(this);
            reservation.close();
        }

        private void lose(Failure failure) {
            reservation.close();
            onLost.accept(failure);
        }
    }
}
