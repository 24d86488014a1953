package org.llavacluster.node.transport;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http2.Http2Error;
import java.util.OptionalInt;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;

/**
 * Counts what an HTTP/2 transport itself refuses on one connection: too many streams, pings and resets, and frames
 * that break the rules of HTTP/2. No listener of gRPC or Vert.x sees these, so this looks at the frames that are sent:
 * Netty writes the head and the error code of such a frame in one buffer.
 */
public final class TransportRefusals {

    private static final int GOAWAY = 7;
    private static final int RST_STREAM_ERROR = 0;
    private static final int GOAWAY_ERROR = 4;

    private final RefusalMetrics refusals;
    private final FrameScanner scanner = FrameScanner.afterPreface(this::frame);
    private boolean goingAway;

    public TransportRefusals(RefusalMetrics refusals) {
        this.refusals = refusals;
    }

    /** Looks at bytes that are sent, from the start of a frame, without reading them. */
    public void sent(ByteBuf bytes) {
        scanner.scan(bytes);
    }

    private boolean frame(int type, int flags, int length) {
        if (type == FrameFlood.RST_STREAM) {
            count(scanner.contentInt(RST_STREAM_ERROR));
        } else if (type == GOAWAY && !goingAway) {
            goingAway = true;
            count(scanner.contentInt(GOAWAY_ERROR));
        }
        return true;
    }

    private void count(OptionalInt code) {
        if (code.isEmpty()) {
            return;
        }
        switch (Http2Error.valueOf(code.getAsInt())) {
            case REFUSED_STREAM -> refusals.refused(RefusalReason.CONNECTION_CALLS);
            case ENHANCE_YOUR_CALM -> refusals.refused(RefusalReason.HTTP2_FLOOD);
            case PROTOCOL_ERROR, FLOW_CONTROL_ERROR, FRAME_SIZE_ERROR, COMPRESSION_ERROR ->
                refusals.refused(RefusalReason.MALFORMED_REQUEST);
            // Nor is a frame that was on its way when its stream ended.
            case null, default -> {}
        }
    }
}
