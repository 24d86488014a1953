package org.llavacluster.proto.tensor;

import com.google.protobuf.ByteString;
import java.util.List;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.cluster.v1.TensorHeader;

/**
 * A validated {@link TensorHeader}: a known element type, positive dimensions, and a size in bytes that fits a {@code
 * long}.
 *
 * @param key names the content
 * @param shape sizes of the dimensions, outermost first
 */
public record TensorLayout(ByteString key, DataType dataType, List<Long> shape) {

    public static final int MAX_KEY_BYTES = 128;
    public static final int MAX_RANK = 8;

    /** Throws an {@link IllegalArgumentException} whose message names field, limit and value. */
    public TensorLayout {
        if (key.isEmpty() || key.size() > MAX_KEY_BYTES) {
            throw new IllegalArgumentException(
                    "tensor key must have 1 to " + MAX_KEY_BYTES + " bytes, not " + key.size());
        }
        if (shape.isEmpty() || shape.size() > MAX_RANK) {
            throw new IllegalArgumentException("tensor rank must be 1 to " + MAX_RANK + ", not " + shape.size());
        }
        shape = List.copyOf(shape);
        byteSize(dataType, shape);
    }

    public static TensorLayout of(TensorHeader header) {
        return new TensorLayout(header.getKey(), header.getDataType(), header.getShapeList());
    }

    public TensorHeader toHeader() {
        return TensorHeader.newBuilder()
                .setKey(key)
                .setDataType(dataType)
                .addAllShape(shape)
                .build();
    }

    public long byteSize() {
        return byteSize(dataType, shape);
    }

    /** Bytes of one element. */
    public static int elementBytes(DataType dataType) {
        return switch (dataType) {
            case DATA_TYPE_F32 -> 4;
            case DATA_TYPE_F16, DATA_TYPE_BF16 -> 2;
            case DATA_TYPE_UNSPECIFIED, UNRECOGNIZED ->
                throw new IllegalArgumentException("tensor data_type must be F32, F16 or BF16");
        };
    }

    private static long byteSize(DataType dataType, List<Long> shape) {
        long bytes = elementBytes(dataType);
        for (long size : shape) {
            if (size < 1) {
                throw new IllegalArgumentException("tensor shape " + shape + " has a dimension below 1");
            }
            try {
                bytes = Math.multiplyExact(bytes, size);
            } catch (ArithmeticException e) {
                throw new IllegalArgumentException("tensor shape " + shape + " exceeds 2^63 - 1 bytes", e);
            }
        }
        return bytes;
    }
}
