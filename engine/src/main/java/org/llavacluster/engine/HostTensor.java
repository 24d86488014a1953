package org.llavacluster.engine;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * A tensor in host memory: little-endian elements in row-major order. The last holder closes it; the bytes must not be
 * used after that.
 */
public interface HostTensor extends AutoCloseable {

    /** Little-endian floats at any alignment. */
    ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Little-endian ints at any alignment. */
    ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    DType dtype();

    /** Sizes of the dimensions, outermost first. The caller must not write to the array. */
    long[] shape();

    /** All bytes of the tensor: a heap segment over a {@code byte[]}, or native memory. */
    MemorySegment bytes();

    @Override
    void close();

    /** The number of elements. */
    default long size() {
        return elements(shape());
    }

    /** The element at a flat index; the tensor must hold {@link DType#F32}. */
    default float floatAt(long index) {
        return bytes().getAtIndex(FLOAT, index);
    }

    /** All elements; the tensor must hold {@link DType#F32}. */
    default float[] toFloats() {
        return bytes().toArray(FLOAT);
    }

    /** A new tensor of zeros on the Java heap. */
    static HostTensor heap(DType dtype, long... shape) {
        long bytes = Math.multiplyExact(elements(shape), dtype.bytes());
        return new HeapTensor(dtype, shape.clone(), new byte[Math.toIntExact(bytes)]);
    }

    /** A new tensor on the Java heap with these values. */
    static HostTensor ofFloats(float[] values, long... shape) {
        HostTensor tensor = heap(DType.F32, shape);
        if (tensor.size() != values.length) {
            throw new IllegalArgumentException(values.length + " values for shape " + Arrays.toString(shape));
        }
        MemorySegment.copy(values, 0, tensor.bytes(), FLOAT, 0, values.length);
        return tensor;
    }

    /** A new tensor on the Java heap with these values. */
    static HostTensor ofInts(int[] values, long... shape) {
        HostTensor tensor = heap(DType.I32, shape);
        if (tensor.size() != values.length) {
            throw new IllegalArgumentException(values.length + " values for shape " + Arrays.toString(shape));
        }
        MemorySegment.copy(values, 0, tensor.bytes(), INT, 0, values.length);
        return tensor;
    }

    /** The number of elements of a shape. */
    static long elements(long[] shape) {
        long product = 1;
        for (long size : shape) {
            if (size < 0) {
                throw new IllegalArgumentException("negative size in shape " + Arrays.toString(shape));
            }
            product = Math.multiplyExact(product, size);
        }
        return product;
    }
}
