package org.llavacluster.proto.tensor;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/** Payload in the memory of a tensor owned by another object. */
record SegmentPayload(MemorySegment data) implements Payload {

    /** Native memory is written in steps of this size, which fit the first-level cache. */
    private static final int STEP_BYTES = 16 << 10;

    static Payload of(MemorySegment data) {
        if (data.byteSize() > TensorFrame.MAX_DATA_BYTES) {
            throw new IllegalArgumentException(
                    "tensor data must have at most " + TensorFrame.MAX_DATA_BYTES + " bytes, not " + data.byteSize());
        }
        return data.byteSize() == 0 ? NONE : new SegmentPayload(data);
    }

    @Override
    public int size() {
        return (int) data.byteSize();
    }

    @Override
    public void copyTo(MemorySegment destination, long offset) {
        MemorySegment.copy(data, 0, destination, offset, data.byteSize());
    }

    /**
     * A segment over a {@code byte[]} is passed on as it is. Native memory is copied through an array, because {@link
     * OutputStream} accepts nothing else.
     */
    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (data.heapBase().orElse(null) instanceof byte[] array) {
            out.write(array, (int) data.address(), size());
            return;
        }
        byte[] step = new byte[Math.min(STEP_BYTES, size())];
        for (int at = 0; at < size(); at += step.length) {
            int length = Math.min(step.length, size() - at);
            MemorySegment.copy(data, ValueLayout.JAVA_BYTE, at, step, 0, length);
            out.write(step, 0, length);
        }
    }

    @Override
    public void close() {}
}
