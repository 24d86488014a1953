package org.llavacluster.node.tensor;

import java.lang.foreign.MemorySegment;
import java.util.zip.CRC32C;
import org.llavacluster.proto.tensor.TensorLayout;

/**
 * A computed tensor in memory. Its bytes never change and stay valid until {@code release} is called.
 *
 * @param bytes little-endian elements in row-major order: native memory or a segment over a {@code byte[]} (which the
 *     transport takes without a step in between)
 * @param crc32c checksum of all bytes, computed when the tensor was made, so that it also covers the time in the cache
 * @param release frees the memory; called once, after the last reader is done
 */
public record CachedTensor(TensorLayout layout, MemorySegment bytes, int crc32c, Runnable release) {

    public CachedTensor {
        if (bytes.byteSize() != layout.byteSize()) {
            throw new IllegalArgumentException("tensor of shape " + layout.shape() + " must have " + layout.byteSize()
                    + " bytes, not " + bytes.byteSize());
        }
    }

    public static CachedTensor of(TensorLayout layout, MemorySegment bytes, Runnable release) {
        return new CachedTensor(layout, bytes, checksum(bytes), release);
    }

    /** On the heap: nothing to release. */
    public static CachedTensor onHeap(TensorLayout layout, byte[] bytes) {
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
