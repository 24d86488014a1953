package org.llavacluster.engine.tensorflow;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.tensorflow.RawTensor;
import org.tensorflow.SparseTensor;
import org.tensorflow.Tensor;
import org.tensorflow.TensorMapper;
import org.tensorflow.internal.c_api.global.tensorflow;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt64;

/** Finds where a tensor lies. It maps nothing: only subclasses of {@link TensorMapper} are shown a tensor's handle. */
final class TensorMemory extends TensorMapper<TFloat32> {

    private TensorMemory() {}

    /** The bytes of a tensor, for as long as {@code lifetime} is open. The tensor must stay open as long. */
    static MemorySegment of(Tensor tensor, Arena lifetime) {
        long size = tensor.numBytes();
        if (size == 0) {
            return lifetime.allocate(0);
        }
        Pointer data = tensorflow.TF_TensorData(nativeHandle(tensor.asRawTensor()));
        return MemorySegment.ofAddress(data.address()).reinterpret(size, lifetime, null);
    }

    @Override
    protected TFloat32 mapDense(RawTensor tensor) {
        throw new UnsupportedOperationException();
    }

    @Override
    protected SparseTensor<TFloat32> mapSparse(
            TInt64 indices, TFloat32 values, TInt64 denseShape, PointerScope tensorScope) {
        throw new UnsupportedOperationException();
    }
}
