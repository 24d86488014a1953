package org.llavacluster.node.tensor;

import java.lang.foreign.MemorySegment;
import org.llavacluster.proto.tensor.TensorLayout;

/** Where a pulled tensor goes: the memory that the engine reads. */
public interface TensorAllocator {

    /**
     * Exactly {@link TensorLayout#byteSize} bytes of native memory, usable from any thread, or of a {@code byte[]}. A
     * {@code FailureException} ends the pull with that failure. Runs on the transport's thread: must not wait for
     * anything.
     */
    MemorySegment allocate(TensorLayout layout);

    /** Takes the memory back of a pull that did not succeed. Called once and not at all when it did. */
    void free(MemorySegment memory);

    /** Arrays on the heap. */
    static TensorAllocator heap() {
        return new TensorAllocator() {
            @Override
            public MemorySegment allocate(TensorLayout layout) {
                return MemorySegment.ofArray(new byte[Math.toIntExact(layout.byteSize())]);
            }

            @Override
            public void free(MemorySegment memory) {}
        };
    }
}
