package org.llavacluster.engine.tensorflow;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.tensorflow.Tensor;
import org.tensorflow.ndarray.Shape;
import org.tensorflow.proto.DataType;
import org.tensorflow.types.TBfloat16;
import org.tensorflow.types.TFloat16;
import org.tensorflow.types.TFloat32;
import org.tensorflow.types.TInt32;
import org.tensorflow.types.family.TType;

/**
 * A tensor whose memory TensorFlow reads as it is; touching it after {@link #close} fails instead of crashing the
 * process.
 */
final class NativeTensor implements HostTensor {

    private final DType dtype;
    private final long[] shape;
    private final Tensor tensor;
    private final Arena lifetime;
    private final MemorySegment bytes;

    private NativeTensor(DType dtype, long[] shape, Tensor tensor, Arena lifetime, boolean writable) {
        this.dtype = dtype;
        this.shape = shape;
        this.tensor = tensor;
        this.lifetime = lifetime;
        MemorySegment memory = TensorMemory.of(tensor, lifetime);
        this.bytes = writable ? memory : memory.asReadOnly();
    }

    /** Memory of undefined content. */
    static NativeTensor allocate(DType dtype, long... shape) {
        return allocate(Arena.ofShared(), dtype, shape);
    }

    /** Memory of undefined content for this thread only, which makes closing it cheap. */
    static NativeTensor temporary(DType dtype, long... shape) {
        return allocate(Arena.ofConfined(), dtype, shape);
    }

    private static NativeTensor allocate(Arena lifetime, DType dtype, long... shape) {
        long[] own = shape.clone();
        return new NativeTensor(dtype, own, Tensor.of(typeOf(dtype), Shape.of(own.clone())), lifetime, true);
    }

    /** A result, which may share its memory with a variable: read-only. Closing this closes the tensor. */
    static NativeTensor fetched(Tensor tensor) {
        DType dtype = tensor.dataType() == DataType.DT_INT32 ? DType.I32 : DType.F32;
        return new NativeTensor(dtype, tensor.shape().asArray(), tensor, Arena.ofShared(), false);
    }

    /**
     * The tensor itself if TensorFlow can read it, else a copy for this thread only: memory of the heap or of a network
     * buffer moves or is shared.
     *
     * @param temporary gets the copy, to be closed by the caller
     */
    static NativeTensor of(HostTensor tensor, List<NativeTensor> temporary) {
        if (tensor instanceof NativeTensor own) {
            return own;
        }
        NativeTensor copy = temporary(tensor.dtype(), tensor.shape());
        temporary.add(copy);
        copy.bytes().copyFrom(tensor.bytes());
        return copy;
    }

    /** For this thread only. */
    static NativeTensor ofFloats(float[] values, long... shape) {
        NativeTensor tensor = temporary(DType.F32, shape);
        MemorySegment.copy(values, 0, tensor.bytes, FLOAT, 0, values.length);
        return tensor;
    }

    /** For this thread only. */
    static NativeTensor ofInts(int[] values, long... shape) {
        NativeTensor tensor = temporary(DType.I32, shape);
        MemorySegment.copy(values, 0, tensor.bytes, INT, 0, values.length);
        return tensor;
    }

    /** A scalar, for this thread only. */
    static NativeTensor ofFloat(float value) {
        NativeTensor tensor = temporary(DType.F32);
        tensor.bytes.set(FLOAT, 0, value);
        return tensor;
    }

    private static Class<? extends TType> typeOf(DType dtype) {
        return switch (dtype) {
            case F32 -> TFloat32.class;
            case F16 -> TFloat16.class;
            case BF16 -> TBfloat16.class;
            case I32 -> TInt32.class;
        };
    }

    Tensor tensor() {
        return tensor;
    }

    @Override
    public DType dtype() {
        return dtype;
    }

    @Override
    public long[] shape() {
        return shape;
    }

    @Override
    public MemorySegment bytes() {
        return bytes;
    }

    @Override
    public void close() {
        if (lifetime.scope().isAlive()) {
            lifetime.close();
            tensor.close();
        }
    }
}
