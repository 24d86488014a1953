package org.llavacluster.gateway.pipeline;

import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.v1.ChatEvent;

/**
 * Where an answer goes: one Started, any number of Delta, one Finished, then {@link #complete}; or at any time {@link #fail}. The
 * last call is one of these two and nothing follows it. All by the request's thread.
 */
public interface AnswerSink {

    /** Whether the client takes more now; when that changes, the sink wakes the request. */
    boolean isReady();

    void send(ChatEvent event);

    void complete();

    void fail(Failure failure);
}
