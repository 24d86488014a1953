package org.llavacluster.node.transport;

import io.grpc.MethodDescriptor.Marshaller;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Reads messages with the method's marshaller. Unreadable messages are the caller's fault: invalid protobuf, text that
 * is not UTF-8, broken compression, a message that is too large after decompression.
 */
final class ReceivedRequestMarshaller<Q> implements Marshaller<ReceivedRequest<Q>> {

    private final Marshaller<Q> messages;
    private final int maxMessageBytes;

    ReceivedRequestMarshaller(Marshaller<Q> messages, int maxMessageBytes) {
        this.messages = messages;
        this.maxMessageBytes = maxMessageBytes;
    }

    @Override
    public ReceivedRequest<Q> parse(InputStream stream) {
        try {
            return new ReceivedRequest.Read<>(messages.parse(stream));
        } catch (FailureException e) {
            return new ReceivedRequest.Unreadable<>(e.failure());
        } catch (StatusRuntimeException e) {
            return new ReceivedRequest.Unreadable<>(failure(e.getStatus()));
        } catch (RuntimeException e) {
            return new ReceivedRequest.Unreadable<>(malformed());
        }
    }

    private Failure failure(Status status) {
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                ? new Failure.TooLarge(
                        "message", "the message is larger than " + maxMessageBytes + " bytes when it is decompressed")
                : malformed();
    }

    private static Failure malformed() {
        return new Failure.Invalid("message", "the message is not a valid protobuf message of the method");
    }

    /** A server only reads requests; tools that list services never write one either. */
    @Override
    public InputStream stream(ReceivedRequest<Q> received) {
        throw new UnsupportedOperationException("a server does not write requests");
    }
}
