package org.llavacluster.node.tensor;

import java.lang.foreign.MemorySegment;
import org.llavacluster.proto.tensor.TensorLayout;

/** Provides the memory for pulled tensors, which the engine then reads. */
public interface TensorAllocator {

    /**
     * Exactly {@link TensorLayout#byteSize} bytes of native memory, usable from any thread, or of a {@code byte[]}. A
     * {@code FailureException} ends the pull with that failure. Runs on the transport's thread and must not block.
     */
    MemorySegment allocate(TensorLayout layout);

    /** Takes back the memory of a failed pull. Called once; never after a successful pull. */
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
