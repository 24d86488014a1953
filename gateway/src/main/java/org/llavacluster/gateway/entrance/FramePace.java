package org.llavacluster.gateway.entrance;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;

/**
 * Limits frames without content, which cost the receiver work and the sender almost nothing. Honest clients send a
 * handful per request. Times are passed in nanoseconds.
 */
final class FramePace {

    static final int DATA = 0;
    static final int HEADERS = 1;
    static final int WINDOW_UPDATE = 8;
    static final int CONTINUATION = 9;

    static final long WINDOW_NANOS = Duration.ofSeconds(10).toNanos();

    /** PING, SETTINGS, PRIORITY, RST_STREAM, unknown frames, and empty DATA and CONTINUATION. */
    static final int MAX_EMPTY = FixedLimits.HTTP_EMPTY_FRAMES.intValue();

    /** A client that reads a long answer in small steps sends many. */
    static final int MAX_WINDOW_UPDATES = FixedLimits.HTTP_WINDOW_UPDATES.intValue();

    private long windowAt = Long.MIN_VALUE;
    private int empty;
    private int windowUpdates;

    /** Counts a frame; false if it is one too many. */
    boolean allows(int type, int length, boolean endsStream, long now) {
        if (windowAt == Long.MIN_VALUE || now - windowAt >= WINDOW_NANOS) {
            windowAt = now;
            empty = 0;
            windowUpdates = 0;
        }
        return switch (type) {
            case DATA, CONTINUATION -> length > 0 || endsStream || ++empty <= MAX_EMPTY;
            case HEADERS -> true;
            case WINDOW_UPDATE -> ++windowUpdates <= MAX_WINDOW_UPDATES;
            default -> ++empty <= MAX_EMPTY;
        };
    }
}
