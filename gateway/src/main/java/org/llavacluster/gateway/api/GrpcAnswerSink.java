package org.llavacluster.gateway.api;

import io.grpc.stub.ServerCallStreamObserver;
import org.llavacluster.gateway.pipeline.AnswerSink;
import org.llavacluster.gateway.pipeline.RequestScope;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;
import org.llavacluster.proto.v1.ChatEvent;

/** Sends an answer over gRPC, at the client's pace. */
final class GrpcAnswerSink implements AnswerSink {

    private final ServerCallStreamObserver<ChatEvent> client;

    /** To be created before the service method returns, because gRPC accepts no handlers later. */
    GrpcAnswerSink(ServerCallStreamObserver<ChatEvent> client, RequestScope scope) {
        this.client = client;
        client.setOnReadyHandler(scope::wake);
        client.setOnCancelHandler(scope::cancel);
    }

    @Override
    public boolean isReady() {
        return client.isReady();
    }

    @Override
    public void send(ChatEvent event) {
        client.onNext(event);
    }

    @Override
    public void complete() {
        client.onCompleted();
    }

    @Override
    public void fail(Failure failure) {
        client.onError(GrpcFailures.toStatus(failure));
    }
}
