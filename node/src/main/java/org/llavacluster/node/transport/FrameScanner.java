package org.llavacluster.node.transport;

import io.netty.buffer.ByteBuf;
import java.util.OptionalInt;

/** Finds the heads of HTTP/2 frames in a client's bytes, however they are split, without reading the bytes. */
public final class FrameScanner {

    /** {@code PRI * HTTP/2.0}, {@code SM} and their line ends, which come before the first frame. */
    static final int PREFACE_BYTES = 24;

    static final int HEAD_BYTES = 9;

    /** Receives each frame once its head is complete. */
    public interface Frames {

        /**
         * Receives the head of one frame.
         *
         * @param length bytes of the frame's content
         * @return false to end the scan, for this and all later bytes
         */
        boolean frame(int type, int flags, int length);
    }

    private final Frames frames;
    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;

    /** Bytes left of the preface or of a frame's content. */
    private int skip;

    private boolean enough;

    /** Set during a scan only. */
    private ByteBuf scanned;

    /** Where in {@link #scanned} the content begins of the frame that {@link Frames#frame} sees. */
    private int contentAt;

    private FrameScanner(Frames frames, int skip) {
        this.frames = frames;
        this.skip = skip;
    }

    /** For bytes that begin with the client's preface. */
    static FrameScanner withPreface(Frames frames) {
        return new FrameScanner(frames, PREFACE_BYTES);
    }

    /** For bytes that begin with the first frame. */
    public static FrameScanner afterPreface(Frames frames) {
        return new FrameScanner(frames, 0);
    }

    /**
     * Scans all readable bytes without reading them.
     *
     * @return false once {@link Frames#frame} has ended the scan
     */
    public boolean scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
        scanned = bytes;
        while (at < end && !enough) {
            if (skip > 0) {
                int skipped = Math.min(skip, end - at);
                skip -= skipped;
                at += skipped;
                continue;
            }
            int taken = Math.min(HEAD_BYTES - headBytes, end - at);
            bytes.getBytes(at, head, headBytes, taken);
            headBytes += taken;
            at += taken;
            if (headBytes == HEAD_BYTES) {
                headBytes = 0;
                contentAt = at;
                skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
                enough = !frames.frame(head[3] & 0xff, head[4] & 0xff, skip);
            }
        }
        scanned = null;
        return !enough;
    }

    /**
     * An integer of the content of the frame that {@link Frames#frame} sees just now.
     *
     * @param offset in the content
     * @return empty where the integer is not in the same buffer as the end of the head
     */
    OptionalInt contentInt(int offset) {
        return scanned != null && contentAt + offset + Integer.BYTES <= scanned.writerIndex()
                ? OptionalInt.of(scanned.getInt(contentAt + offset))
                : OptionalInt.empty();
    }
}
