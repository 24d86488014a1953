package org.llavacluster.gateway.pipeline;

import java.util.Optional;
import org.jboss.logging.Logger;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;

/** Logs one line for each request if enabled: id, model, tokens, times of the stages and the outcome; never content. */
public final class RequestLog {

    private static final Logger LOG = Logger.getLogger("org.llavacluster.requests");

    private final boolean enabled;

    public RequestLog(boolean enabled) {
        this.enabled = enabled;
    }

    /** A request that was refused before it was started. */
    public void refused(String requestId, int status, String reason) {
        if (enabled) {
            LOG.infof("request=%s outcome=refused status=%d reason=%s", requestId, status, reason);
        }
    }

    /** Follows the answer of one request. */
    Entry begin(RequestScope scope, AnswerSink sink) {
        return new Entry(scope, sink);
    }

    /** The data of one request so far; passes all events on. */
    final class Entry implements AnswerSink {

        private final RequestScope scope;
        private final AnswerSink sink;
        private Started started = Started.getDefaultInstance();
        private Finished finished = Finished.getDefaultInstance();
        private int tokens;

        private Entry(RequestScope scope, AnswerSink sink) {
            this.scope = scope;
            this.sink = sink;
        }

        @Override
        public boolean isReady() {
            return sink.isReady();
        }

        @Override
        public void send(ChatEvent event) {
            switch (event.getEventCase()) {
                case STARTED -> started = event.getStarted();
                case DELTA -> tokens += event.getDelta().getTokenIdsCount();
                case FINISHED -> finished = event.getFinished();
                case EVENT_NOT_SET -> {
                    // Nothing to record.
                }
            }
            sink.send(event);
        }

        @Override
        public void complete() {
            sink.complete();
        }

        @Override
        public void fail(Failure failure) {
            sink.fail(failure);
        }

        /** The first event of the answer; empty before. */
        Started started() {
            return started;
        }

        /** The last event of the answer; empty before. */
        Finished finished() {
            return finished;
        }

        /** Writes the line. */
        void end(GatewayMetrics.Outcome outcome, Optional<Failure> failure) {
            if (!enabled) {
                return;
            }
            LOG.infof(
                    "request=%s model=%s prompt_tokens=%d image_tokens=%d cached_tokens=%d completion_tokens=%d "
                            + "encode_ms=%d first_token_ms=%d total_ms=%d resumes=%d outcome=%s%s",
                    scope.requestId(),
                    started.getModel().isEmpty() ? "-" : started.getModel(),
                    started.getPromptIdsCount(),
                    finished.getUsage().getImageTokens(),
                    finished.getUsage().getCachedTokens(),
                    tokens,
                    finished.getTimings().getEncodeMicros() / 1000,
                    finished.getTimings().getTimeToFirstTokenMicros() / 1000,
                    scope.elapsed().toMillis(),
                    finished.getTimings().getResumes(),
                    outcome.name().toLowerCase(java.util.Locale.ROOT),
                    failure.map(end -> " failure=" + end.getClass().getSimpleName())
                            .orElse(""));
        }
    }
}
