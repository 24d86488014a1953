package org.llavacluster.gateway.pipeline;

import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.ChoiceFinished;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;

/** The answer being sent to the client, at the client's pace. Used on the request's thread only. */
final class AnswerStream {

    private final RequestScope scope;
    private final AnswerSink sink;

    AnswerStream(RequestScope scope, AnswerSink sink) {
        this.scope = scope;
        this.sink = sink;
    }

    /** Waits until the client can receive more. */
    void awaitReady() {
        scope.await(sink::isReady);
    }

    void send(Started started) {
        send(ChatEvent.newBuilder().setStarted(started));
    }

    void send(int choice, Delta delta) {
        send(ChatEvent.newBuilder()
                .setDelta(
                        choice == 0
                                ? delta
                                : delta.toBuilder().setChoice(choice).build()));
    }

    void send(ChoiceFinished finished) {
        send(ChatEvent.newBuilder().setChoiceFinished(finished));
    }

    void send(Finished finished) {
        send(ChatEvent.newBuilder().setFinished(finished));
    }

    private void send(ChatEvent.Builder event) {
        awaitReady();
        sink.send(event.build());
    }
}
