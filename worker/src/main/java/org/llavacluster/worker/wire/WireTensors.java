package org.llavacluster.worker.wire;

import java.lang.foreign.MemorySegment;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;

/** From the float32 that backends compute in to what travels. */
public final class WireTensors {

    private WireTensors() {}

    /**
     * A copy of {@code rows} rows of a float32 tensor {@code [rows of all, columns]}, from {@code firstRow} on, on the Java heap in
     * the format that travels: {@code [rows, columns]}. The copy lets the backend's memory be freed, and a byte array is what gRPC
     * sends without another one. Halves hold +-65504: the published models run in them, so no feature comes near.
     */
    public static HostTensor rows(HostTensor tensor, long firstRow, long rows, WireFormat format) {
        if (tensor.dtype() != DType.F32 || tensor.shape().length != 2) {
            throw new IllegalArgumentException(
                    "a " + tensor.dtype() + " tensor of " + tensor.shape().length + " dimensions");
        }
        long columns = tensor.shape()[1];
        long rowBytes = columns * Float.BYTES;
        MemorySegment source = tensor.bytes().asSlice(firstRow * rowBytes, rows * rowBytes);
        HostTensor copy = HostTensor.heap(format.dtype(), rows, columns);
        FloatConversion.convert(DType.F32, source, format.dtype(), copy.bytes());
        return copy;
    }
}
