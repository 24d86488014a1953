package org.llavacluster.node.transport;

import io.netty.buffer.ByteBuf;

/** Finds the heads of HTTP/2 frames in the bytes that a client sends, however they are cut, and touches nothing. */
final class FrameScanner {

    /** {@code PRI * HTTP/2.0}, {@code SM} and their line ends: what comes before the first frame. */
    static final int PREFACE_BYTES = 24;

    static final int HEAD_BYTES = 9;

    /** Sees each frame once its head is whole. */
    interface Frames {

        /** @return false to see no more */
        boolean frame(int type, int flags, int length);
    }

    private final Frames frames;
    private final byte[] head = new byte[HEAD_BYTES];
    private int headBytes;

    /** Of the preface or of a frame's content. */
    private int skip = PREFACE_BYTES;

    private boolean enough;

    FrameScanner(Frames frames) {
        this.frames = frames;
    }

    /** Looks at all readable bytes without reading them. */
    void scan(ByteBuf bytes) {
        int at = bytes.readerIndex();
        int end = bytes.writerIndex();
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
                skip = (head[0] & 0xff) << 16 | (head[1] & 0xff) << 8 | head[2] & 0xff;
                enough = !frames.frame(head[3] & 0xff, head[4] & 0xff, skip);
            }
        }
    }
}
