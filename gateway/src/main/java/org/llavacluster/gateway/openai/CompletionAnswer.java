package org.llavacluster.gateway.openai;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.nio.charset.StandardCharsets;
import org.llavacluster.gateway.pipeline.AnswerSink;
import org.llavacluster.gateway.request.ChatDraft;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.metrics.RefusalReason;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;

/**
 * One exchange of {@code POST /v1/chat/completions}: its body is read into a draft, its answer is sent as server-sent
 * events at the client's pace or as one object. Runs on the request's thread.
 */
final class CompletionAnswer implements AnswerSink {

    private static final byte[] DATA = "data: ".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] END = "\n\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] DONE = "data: [DONE]\n\n".getBytes(StandardCharsets.US_ASCII);

    private final HttpServerResponse response;
    private final Body body;
    private final CompletionJson json;
    private final HttpReply reply;
    private final RefusalMetrics refusals;
    private final long created;

    private CompletionRequest request;
    private CompletionWriter writer;
    private Finished finished;
    private boolean streaming;

    /**
     * @param created seconds since 1970
     */
    CompletionAnswer(
            HttpServerResponse response,
            Body body,
            CompletionJson json,
            HttpReply reply,
            RefusalMetrics refusals,
            long created) {
        this.response = response;
        this.body = body;
        this.json = json;
        this.reply = reply;
        this.refusals = refusals;
        this.created = created;
    }

    ChatDraft draft() {
        request = CompletionRequest.read(json.read(body.bytes()));
        writer = new CompletionWriter(request, created);
        return request.draft();
    }

    @Override
    public boolean isReady() {
        return !response.writeQueueFull();
    }

    @Override
    public void send(ChatEvent event) {
        if (event.hasStarted()) {
            tell(event.getStarted());
        }
        if (event.hasFinished()) {
            finished = event.getFinished();
        }
        if (!request.stream()) {
            writer.collect(event);
            return;
        }
        if (event.hasStarted()) {
            streaming = true;
            response.setChunked(true)
                    .putHeader("content-type", "text/event-stream; charset=utf-8")
                    .putHeader("cache-control", "no-cache")
                    // Buffering proxies would defeat the stream.
                    .putHeader("x-accel-buffering", "no");
        }
        writer.chunks(event).forEach(this::write);
    }

    /** Sends values that OpenAI's objects have no field for as headers. */
    private void tell(Started started) {
        response.putHeader("x-request-id", started.getRequestId())
                .putHeader("x-llava-seed", Long.toString(started.getSeed()))
                .putHeader("x-llava-deadline-ms", Long.toString(started.getDeadlineMillis()));
    }

    private void write(Object value) {
        byte[] bytes = reply.bytes(value);
        Buffer event = Buffer.buffer(DATA.length + bytes.length + END.length)
                .appendBytes(DATA)
                .appendBytes(bytes)
                .appendBytes(END);
        response.write(event);
    }

    @Override
    public void complete() {
        body.release();
        if (streaming) {
            response.end(Buffer.buffer(DONE));
        } else {
            reply.answer(response, writer.completion(finished));
        }
    }

    /** Once a stream has begun its status is fixed, so the error is its last event and [DONE] is not sent. */
    @Override
    public void fail(Failure failure) {
        body.release();
        if (failure instanceof Failure.Overloaded) {
            refusals.refused(RefusalReason.OVERLOADED);
        }
        if (!streaming) {
            reply.fail(response, failure);
        } else if (!response.closed()) {
            write(reply.error(failure));
            response.end();
        }
    }
}
