package org.llavacluster.worker.wire;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;

/** Between the float32 that backends compute in and what travels. */
public final class WireTensors {

    private static final ValueLayout.OfShort HALF = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** The largest finite half. */
    private static final float LARGEST_HALF = 65_504f;

    private WireTensors() {}

    /**
     * A copy of a float32 tensor on the Java heap, in the format that travels. The copy lets the backend's memory be freed, and
     * a byte array is what gRPC sends without another one.
     */
    public static HostTensor toWire(HostTensor tensor, WireFormat format) {
        return slice(tensor, 0, tensor.shape()[0], format);
    }

    /** The same of {@code rows} rows of a tensor {@code [rows of all, columns]}, from {@code firstRow} on. */
    public static HostTensor slice(HostTensor tensor, long firstRow, long rows, WireFormat format) {
        if (tensor.dtype() != DType.F32) {
            throw new IllegalArgumentException("a " + tensor.dtype() + " tensor");
        }
        long[] shape = tensor.shape().clone();
        long rowBytes = tensor.bytes().byteSize() / shape[0];
        shape[0] = rows;
        MemorySegment source = tensor.bytes().asSlice(firstRow * rowBytes, rows * rowBytes);
        HostTensor copy = HostTensor.heap(format.dtype(), shape);
        switch (format) {
            case F32 -> copy.bytes().copyFrom(source);
            case F16 -> narrow(source, copy.bytes());
        }
        return copy;
    }

    /**
     * Rounds floats to the nearest halves. Values beyond the largest finite half become that one, so that one outlier does not
     * turn a whole attention row into NaN; infinities and NaN stay what they are.
     *
     * @param floats little-endian float32
     * @param halves as many elements of float16
     */
    public static void narrow(MemorySegment floats, MemorySegment halves) {
        long count = count(floats, halves);
        for (long i = 0; i < count; i++) {
            float value = floats.getAtIndex(HostTensor.FLOAT, i);
            if (Math.abs(value) > LARGEST_HALF && Float.isFinite(value)) {
                value = Math.copySign(LARGEST_HALF, value);
            }
            halves.setAtIndex(HALF, i, Float.floatToFloat16(value));
        }
    }

    /** Exact: every half is a float. */
    public static void widen(MemorySegment halves, MemorySegment floats) {
        long count = count(floats, halves);
        for (long i = 0; i < count; i++) {
            floats.setAtIndex(HostTensor.FLOAT, i, Float.float16ToFloat(halves.getAtIndex(HALF, i)));
        }
    }

    private static long count(MemorySegment floats, MemorySegment halves) {
        long count = floats.byteSize() / Float.BYTES;
        if (floats.byteSize() != count * Float.BYTES || halves.byteSize() != count * Short.BYTES) {
            throw new IllegalArgumentException(
                    floats.byteSize() + " bytes of float32 and " + halves.byteSize() + " bytes of float16");
        }
        return count;
    }
}
