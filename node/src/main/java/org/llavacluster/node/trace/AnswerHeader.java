package org.llavacluster.node.trace;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** A call whose headers and trailers carry a value of this process, in place of any other of that name. */
final class AnswerHeader<Q, A> extends SimpleForwardingServerCall<Q, A> {

    private final Metadata.Key<String> key;
    private final String value;

    AnswerHeader(ServerCall<Q, A> delegate, Metadata.Key<String> key, String value) {
        super(delegate);
        this.key = key;
        this.value = value;
    }

    @Override
    public void sendHeaders(Metadata headers) {
        name(headers);
        super.sendHeaders(headers);
    }

    @Override
    public void close(Status status, Metadata trailers) {
        name(trailers);
        super.close(status, trailers);
    }

    private void name(Metadata metadata) {
        metadata.discardAll(key);
        metadata.put(key, value);
    }
}
