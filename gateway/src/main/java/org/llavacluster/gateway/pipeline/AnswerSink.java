package org.llavacluster.gateway.pipeline;

import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.v1.ChatEvent;

/**
 * Receives an answer: one Started, any number of Delta, one Finished, then {@link #complete}; or {@link #fail} at any
 * time. The last call is one of these two. All calls come from the request's thread.
 */
public interface AnswerSink {

    /** Whether the client can receive more now. When that changes, the sink wakes the request. */
    boolean isReady();

    void send(ChatEvent event);

    void complete();

    void fail(Failure failure);
}
