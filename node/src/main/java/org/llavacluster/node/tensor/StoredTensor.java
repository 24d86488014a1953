package org.llavacluster.node.tensor;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.llavacluster.proto.tensor.TensorLayout;

/**
 * A tensor that can be sent: its bytes never change, and live until {@code release} is called.
 *
 * @param bytes little-endian elements in row-major order: native memory or a segment over a {@code byte[]} (which the
 *     transport takes without a step in between)
 * @param crc32c of all the bytes, taken when they were made: it covers the time in the cache too
 * @param release frees the memory; called once, when nobody sends the tensor any more
 */
public record StoredTensor(TensorLayout layout, MemorySegment bytes, int crc32c, Runnable release) {

    public StoredTensor {
        if (bytes.byteSize() != layout.byteSize()) {
            throw new IllegalArgumentException("tensor of shape " + layout.shape() + " must have " + layout.byteSize()
                    + " bytes, not " + bytes.byteSize());
        }
    }

    public static StoredTensor of(TensorLayout layout, MemorySegment bytes, Runnable release) {
        return new StoredTensor(layout, bytes, checksum(bytes), release);
    }

    /** On the heap: nothing to release. */
    public static StoredTensor onHeap(TensorLayout layout, byte[] bytes) {
        return of(layout, MemorySegment.ofArray(bytes), () -> {});
    }

    static int checksum(MemorySegment bytes) {
        CRC32C crc = new CRC32C();
        for (long at = 0; at < bytes.byteSize(); at += Integer.MAX_VALUE) {
            crc.update(bytes.asSlice(at, Math.min(Integer.MAX_VALUE, bytes.byteSize() - at))
                    .asByteBuffer());
        }
        return (int) crc.getValue();
    }
}
