package org.llavacluster.proto.tensor;

import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.io.IOException;
import java.io.InputStream;

/**
 * Reads and writes {@code TensorChunk} without copying its payload into objects of the protobuf library. Compatible
 * with any protobuf library in both directions.
 */
public final class TensorMarshaller implements MethodDescriptor.Marshaller<TensorFrame> {

    public static final TensorMarshaller INSTANCE = new TensorMarshaller();

    private TensorMarshaller() {}

    @Override
    public InputStream stream(TensorFrame frame) {
        return new FrameStream(frame);
    }

    /** Throws DATA_LOSS if the bytes are not a TensorChunk. The frame owns the stream and must be closed. */
    @Override
    public TensorFrame parse(InputStream stream) {
        if (stream instanceof FrameStream inProcess) {
            // The in-process transport passes on the sender's own stream. Its payload is still copied once, on receipt.
            return inProcess.frame();
        }
        try {
            return FrameParser.parse(stream);
        } catch (IOException | IllegalArgumentException e) {
            throw Status.DATA_LOSS
                    .withDescription("tensor frame cannot be read: " + e.getMessage())
                    .withCause(e)
                    .asRuntimeException();
        }
    }
}
