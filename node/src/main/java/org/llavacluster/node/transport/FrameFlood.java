package org.llavacluster.node.transport;

import java.time.Duration;

/**
 * Counts the frames of one connection that cost their receiver more than their sender. A connection has a stock of each
 * kind that refills with time; a frame beyond it is one too many. Takes the time as an argument.
 */
final class FrameFlood {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int RST_STREAM = 3;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;
    private static final int END_STREAM = 1;

    /**
     * @param control pings, settings, priorities, continuations, empty data and frames of unknown types per second
     * @param calls calls per second
     * @param windowUpdates per second; a client that reads fast sends thousands
     * @param stock seconds' worth of each that may arrive at once
     */
    record Rates(int control, int calls, int windowUpdates, Duration stock) {}

    private final Stock control;
    private final Stock calls;
    private final Stock windowUpdates;

    FrameFlood(Rates rates, long now) {
        this.control = new Stock(rates.control, rates.stock, now);
        this.calls = new Stock(rates.calls, rates.stock, now);
        this.windowUpdates = new Stock(rates.windowUpdates, rates.stock, now);
    }

    /** Whether a frame with that head is allowed now. */
    boolean allows(int type, int flags, int length, long now) {
        return switch (type) {
            case DATA -> length > 0 || (flags & END_STREAM) != 0 || control.take(now);
            case HEADERS -> calls.take(now);
            // gRPC counts them itself.
            case RST_STREAM -> true;
            case WINDOW_UPDATE -> windowUpdates.take(now);
            default -> control.take(now);
        };
    }

    private static final class Stock {

        private final double most;
        private final double perNano;
        private double left;
        private long at;

        private Stock(int perSecond, Duration stock, long now) {
            this.perNano = perSecond / 1e9;
            this.most = Math.max(1, perNano * stock.toNanos());
            this.left = most;
            this.at = now;
        }

        private boolean take(long now) {
            left = Math.min(most, left + (now - at) * perNano);
            at = now;
            if (left < 1) {
                return false;
            }
            left--;
            return true;
        }
    }
}
