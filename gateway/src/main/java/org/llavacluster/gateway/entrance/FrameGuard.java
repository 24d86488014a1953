package org.llavacluster.gateway.entrance;

import io.netty.buffer.ByteBuf;
import org.llavacluster.node.transport.FrameScanner;

/**
 * Follows the frames of an HTTP/2 connection by their heads and limits their number by {@link FramePace}. It does not
 * look at their content.
 */
final class FrameGuard {

    /** GOAWAY for any last stream with ENHANCE_YOUR_CALM. */
    static final byte[] GOODBYE = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, -1, -1, -1, 0, 0, 0, 0x0b};

    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;

    private final HeadTimer timer;
    private final FramePace pace = new FramePace();
    private final FrameScanner scanner = FrameScanner.afterPreface(this::frame);
    private long now;

    FrameGuard(HeadTimer timer) {
        this.timer = timer;
    }

    /** Scans the bytes without reading them; false if the connection must end. */
    boolean take(ByteBuf bytes, long nowNanos) {
        now = nowNanos;
        return scanner.scan(bytes);
    }

    private boolean frame(int type, int flags, int length) {
        if (type == FramePace.HEADERS || type == FramePace.CONTINUATION) {
            if ((flags & END_HEADERS) != 0) {
                timer.headIsWhole();
                timer.requests(0);
            } else {
                timer.headBegins();
            }
        }
        boolean ends = (type == FramePace.DATA || type == FramePace.HEADERS) && (flags & END_STREAM) != 0;
        return pace.allows(type, length, ends, now);
    }
}
