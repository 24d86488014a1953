package org.llavacluster.gateway.entrance;

import io.netty.buffer.ByteBuf;

/**
 * Follows the frames of an HTTP/2 connection by their headers alone and holds their number to {@link FramePace}. What frames say is
 * not its business.
 */
final class FrameGuard {

    /** GOAWAY, the last stream being any, ENHANCE_YOUR_CALM. */
    static final byte[] GOODBYE = {0, 0, 8, 7, 0, 0, 0, 0, 0, 0x7f, -1, -1, -1, 0, 0, 0, 0x0b};

    private static final int HEADER_BYTES = 9;
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;

    private final HeadTimer timer;
    private final FramePace pace = new FramePace();
    private final byte[] header = new byte[HEADER_BYTES];
    private int headerBytes;
    private long payloadLeft;

    FrameGuard(HeadTimer timer) {
        this.timer = timer;
    }

    /** Looks at the bytes without taking them; false where the connection has to end. */
    boolean take(ByteBuf bytes, long now) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        while (at < end) {
            if (payloadLeft > 0) {
                long skipped = Math.min(payloadLeft, end - at);
                payloadLeft -= skipped;
                at += (int) skipped;
                continue;
            }
            header[headerBytes++] = bytes.getByte(at++);
            if (headerBytes == HEADER_BYTES) {
                headerBytes = 0;
                payloadLeft = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | header[2] & 0xff;
                if (!frame(header[3], header[4], (int) payloadLeft, now)) {
                    return false;
                }
            }
        }
        return true;
    }

    private boolean frame(int type, int flags, int length, long now) {
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
