package org.llavacluster.projector.embed;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.tensor.TensorAllocator;
import org.llavacluster.proto.tensor.TensorLayout;

/**
 * Where the features of one pull go: float32 into memory that the backend reads, halves onto the heap, from where the projector widens
 * them.
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

    /** [rows, features]. */
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
