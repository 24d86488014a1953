package org.llavacluster.proto.tensor;

import io.grpc.HasByteBuffer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/** Payload in the transport's buffers: the next {@code size} bytes of a stream owned by this frame. */
final class StreamPayload implements Payload {

    private static final int STEP_BYTES = 16 << 10;

    private final InputStream stream;
    private final int size;
    private boolean taken;

    StreamPayload(InputStream stream, int size) {
        this.stream = stream;
        this.size = size;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public void copyTo(MemorySegment destination, long offset) throws IOException {
        take();
        MemorySegment target = destination.asSlice(offset, size);
        if (target.heapBase().orElse(null) instanceof byte[] array) {
            if (stream.readNBytes(array, (int) target.address(), size) < size) {
                throw new EOFException();
            }
        } else if (stream instanceof HasByteBuffer buffers && buffers.byteBufferSupported()) {
            copyBuffers(buffers, target);
        } else {
            copySteps(target);
        }
    }

    private void copyBuffers(HasByteBuffer buffers, MemorySegment target) throws IOException {
        for (long at = 0; at < size; ) {
            ByteBuffer next = buffers.getByteBuffer();
            if (next == null || !next.hasRemaining()) {
                throw new EOFException();
            }
            long length = Math.min(next.remaining(), size - at);
            MemorySegment.copy(MemorySegment.ofBuffer(next), 0, target, at, length);
            stream.skipNBytes(length);
            at += length;
        }
    }

    private void copySteps(MemorySegment target) throws IOException {
        byte[] step = new byte[Math.min(STEP_BYTES, size)];
        for (int at = 0; at < size; ) {
            int length = stream.read(step, 0, Math.min(step.length, size - at));
            if (length < 0) {
                throw new EOFException();
            }
            MemorySegment.copy(step, 0, target, ValueLayout.JAVA_BYTE, at, length);
            at += length;
        }
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        take();
        byte[] step = new byte[Math.min(STEP_BYTES, size)];
        for (int at = 0; at < size; ) {
            int length = stream.read(step, 0, Math.min(step.length, size - at));
            if (length < 0) {
                throw new EOFException();
            }
            out.write(step, 0, length);
            at += length;
        }
    }

    private void take() {
        if (taken) {
            throw new IllegalStateException("the payload of a received frame is read once");
        }
        taken = true;
    }

    @Override
    public void close() {
        taken = true;
        try {
            stream.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
