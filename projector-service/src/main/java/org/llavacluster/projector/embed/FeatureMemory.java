package org.llavacluster.projector.embed;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.tensor.TensorAllocator;
import org.llavacluster.proto.tensor.TensorLayout;

/**
 * Memory for the features of one pull: float32 goes to memory that the backend reads, float16 to the Java heap, from
 * where it is widened for the projector.
 */
final class FeatureMemory implements TensorAllocator, AutoCloseable {

    private static final HostTensor NONE = HostTensor.heap(DType.F32, 0);

    private final Backend backend;
    private HostTensor tensor = NONE;

    FeatureMemory(Backend backend) {
        this.backend = backend;
    }

    @Override
    public synchronized MemorySegment allocate(TensorLayout layout) {
        long[] shape = layout.shape().stream().mapToLong(Long::longValue).toArray();
        tensor = switch (layout.dataType()) {
            case DATA_TYPE_F32 -> backend.allocate(DType.F32, shape);
            case DATA_TYPE_F16 -> HostTensor.heap(DType.F16, shape);
            case DATA_TYPE_BF16, DATA_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalStateException("nobody asked for " + layout.dataType());
        };
        return tensor.bytes();
    }

    @Override
    public void free(MemorySegment memory) {
        close();
    }

    /** Features {@code [rows, features]} in float32. */
    synchronized HostTensor tensor() {
        return tensor;
    }

    /** Closing again does nothing. */
    @Override
    public synchronized void close() {
        tensor.close();
        tensor = NONE;
    }
}
