package org.llavacluster.node.transport;

import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.node.metrics.RefusalReason;

/**
 * Services whose calls end with INVALID_ARGUMENT or RESOURCE_EXHAUSTED if a message cannot be read, or if there is not
 * exactly one although the method takes one. Handlers see readable messages only.
 */
public final class ReceivedRequests {

    private final int maxMessageBytes;

    /**
     * @param maxMessageBytes largest message after decompression
     */
    public ReceivedRequests(int maxMessageBytes) {
        this.maxMessageBytes = maxMessageBytes;
    }

    /** The same service, guarded. */
    public ServerServiceDefinition guard(ServerServiceDefinition service) {
        List<ServerMethodDefinition<?, ?>> methods = new ArrayList<>();
        service.getMethods().forEach(method -> methods.add(guard(method)));
        return ServedMethods.of(service, methods);
    }

    private <Q, A> ServerMethodDefinition<ReceivedRequest<Q>, A> guard(ServerMethodDefinition<Q, A> method) {
        MethodDescriptor<Q, A> given = method.getMethodDescriptor();
        MethodDescriptor<ReceivedRequest<Q>, A> received = given.toBuilder(
                        new ReceivedRequestMarshaller<>(given.getRequestMarshaller(), maxMessageBytes),
                        given.getResponseMarshaller())
                .build();
        ServerCallHandler<Q, A> handler = method.getServerCallHandler();
        return ServerMethodDefinition.create(
                received,
                (call, headers) -> new Reading<>(handler.startCall(new ReadableCall<>(call, given), headers), call));
    }

    /** Passes on readable messages. The first unreadable one ends the call, and the handler sees a cancellation. */
    private static final class Reading<Q> extends ServerCall.Listener<ReceivedRequest<Q>> {

        private final ServerCall.Listener<Q> handler;
        private final ServerCall<ReceivedRequest<Q>, ?> call;
        private boolean read;
        private boolean refused;

        private Reading(ServerCall.Listener<Q> handler, ServerCall<ReceivedRequest<Q>, ?> call) {
            this.handler = handler;
            this.call = call;
        }

        @Override
        public void onMessage(ReceivedRequest<Q> received) {
            if (refused) {
                return;
            }
            switch (received) {
                case ReceivedRequest.Unreadable<Q>(Failure failure) -> refuse(failure);
                case ReceivedRequest.Read<Q>(Q message) -> {
                    if (read && takesOne()) {
                        refuse(new Failure.Invalid("message", "the method takes one message, but more arrived"));
                        return;
                    }
                    read = true;
                    handler.onMessage(message);
                }
            }
        }

        @Override
        public void onHalfClose() {
            if (refused) {
                return;
            }
            if (!read && takesOne()) {
                refuse(new Failure.Invalid("message", "the method takes one message, but none arrived"));
                return;
            }
            handler.onHalfClose();
        }

        private boolean takesOne() {
            return call.getMethodDescriptor().getType().clientSendsOneMessage();
        }

        private void refuse(Failure failure) {
            refused = true;
            StatusRuntimeException status = GrpcFailures.toStatus(failure, reason(failure));
            call.close(status.getStatus(), status.getTrailers());
            handler.onCancel();
        }

        private static RefusalReason reason(Failure failure) {
            return switch (failure) {
                case Failure.TooLarge _ -> RefusalReason.MESSAGE_TOO_LARGE;
                case Failure.Overloaded _ -> RefusalReason.MEMORY;
                default -> RefusalReason.MALFORMED_REQUEST;
            };
        }

        @Override
        public void onCancel() {
            if (!refused) {
                handler.onCancel();
            }
        }

        @Override
        public void onComplete() {
            if (!refused) {
                handler.onComplete();
            }
        }

        @Override
        public void onReady() {
            if (!refused) {
                handler.onReady();
            }
        }
    }
}
