package org.llavacluster.node.tensor;

import com.google.protobuf.ByteString;
import java.util.List;
import java.util.Set;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.tensor.TensorLayout;

/**
 * What a pull expects. Any other tensor is refused before memory is allocated for it.
 *
 * @param dataTypes element types that the reader can use
 * @param shape sizes of the dimensions, outermost first; {@link #ANY} accepts every size
 * @param maxBytes largest number of bytes that the reader accepts
 */
public record ExpectedTensor(ByteString key, Set<DataType> dataTypes, List<Long> shape, long maxBytes) {

    public static final long ANY = -1;

    public ExpectedTensor {
        dataTypes = Set.copyOf(dataTypes);
        shape = List.copyOf(shape);
        if (maxBytes < 1) {
            throw new IllegalArgumentException("maxBytes must be at least 1, not " + maxBytes);
        }
    }

    /** Throws a {@link Failure.Invalid} that names the field, the expected and the received value. */
    void check(TensorLayout layout) {
        if (!layout.key().equals(key)) {
            throw refused("key", "the tensor has another key than the one asked for");
        }
        if (!dataTypes.contains(layout.dataType())) {
            throw refused("data_type", "must be one of " + dataTypes + ", not " + layout.dataType());
        }
        if (!fits(layout.shape())) {
            throw refused("shape", "must be " + shape + ", not " + layout.shape());
        }
        if (layout.byteSize() > maxBytes) {
            throw refused("shape", layout.shape() + " exceeds the limit of " + maxBytes + " bytes");
        }
    }

    private boolean fits(List<Long> actual) {
        if (actual.size() != shape.size()) {
            return false;
        }
        for (int i = 0; i < shape.size(); i++) {
            if (shape.get(i) != ANY && !shape.get(i).equals(actual.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static FailureException refused(String field, String message) {
        return new FailureException(new Failure.Invalid("tensor." + field, "tensor." + field + ": " + message));
    }
}
