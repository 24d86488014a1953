package org.llavacluster.worker.wire;

import com.google.protobuf.ByteString;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.proto.tensor.TensorLayout;

/** From the float32 that backends compute in to what travels. */
public final class WireTensors {

    private WireTensors() {}

    /**
     * A copy of {@code rows} rows of a float32 tensor {@code [rows of all, columns]}, from {@code firstRow} on, on the Java heap in
     * the format that travels: {@code [rows, columns]}. The copy lets the backend's memory be freed, and a byte array is what gRPC
     * sends without another one. Halves hold +-65504: the published models run in them, so no feature comes near.
     *
     * @param key that names the copy
     */
    public static CachedTensor rows(ByteString key, HostTensor tensor, long firstRow, long rows, WireFormat format) {
        if (tensor.dtype() != DType.F32 || tensor.shape().length != 2) {
            throw new IllegalArgumentException(
                    "a " + tensor.dtype() + " tensor of " + tensor.shape().length + " dimensions");
        }
        long columns = tensor.shape()[1];
        long rowBytes = columns * Float.BYTES;
        MemorySegment source = tensor.bytes().asSlice(firstRow * rowBytes, rows * rowBytes);
        byte[] copy = new byte[Math.toIntExact(bytes(rows, columns, format))];
        FloatConversion.convert(DType.F32, source, format.dtype(), MemorySegment.ofArray(copy));
        return CachedTensor.onHeap(new TensorLayout(key, format.dataType(), List.of(rows, columns)), copy);
    }

    /** Bytes of {@code [rows, columns]}. */
    public static long bytes(long rows, long columns, WireFormat format) {
        return Math.multiplyExact(
                Math.multiplyExact(rows, columns), format.dtype().bytes());
    }
}
