package org.llavacluster.worker.serve;

import com.google.protobuf.ByteString;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.FloatConversion;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.proto.tensor.TensorLayout;
import org.llavacluster.worker.model.WireFormat;

/** Converts computed float32 tensors to the wire format. */
public final class WireTensors {

    private WireTensors() {}

    /**
     * Copies rows {@code firstRow} to {@code firstRow + rows} of a float32 tensor {@code [all rows, columns]} to the
     * Java heap in the wire format {@code [rows, columns]}. After the copy the backend's memory can be freed, and gRPC
     * sends a byte array without another copy. float16 holds values up to 65504; features of the published models,
     * which run in float16, are far smaller.
     *
     * @param key name of the copy
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
