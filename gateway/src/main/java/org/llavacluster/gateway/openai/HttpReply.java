package org.llavacluster.gateway.openai;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import org.llavacluster.gateway.failure.HttpFailures;
import org.llavacluster.node.failure.Failure;

/** Writes JSON answers and errors in OpenAI's shape. */
final class HttpReply {

    private static final String JSON = "application/json";

    private final CompletionJson json;

    HttpReply(CompletionJson json) {
        this.json = json;
    }

    void answer(HttpServerResponse response, Object value) {
        send(response, 200, value);
    }

    void fail(HttpServerResponse response, Failure failure) {
        HttpFailures.Mapped mapped = HttpFailures.of(failure);
        mapped.retryAfter().ifPresent(time -> {
            response.putHeader("retry-after", Long.toString(Math.max(1, time.toSeconds())));
            response.putHeader("retry-after-ms", Long.toString(time.toMillis()));
        });
        // OpenAI's clients repeat calls by themselves and ask this header first.
        response.putHeader("x-should-retry", Boolean.toString(mapped.worthRetrying()));
        send(response, mapped.status(), error(failure));
    }

    Wire.ErrorBody error(Failure failure) {
        HttpFailures.Mapped mapped = HttpFailures.of(failure);
        return new Wire.ErrorBody(new Wire.Problem(
                failure.message(), mapped.type(), mapped.param().orElse(null), mapped.code()));
    }

    byte[] bytes(Object value) {
        return json.write(value);
    }

    private void send(HttpServerResponse response, int status, Object value) {
        if (response.closed() || response.ended()) {
            return;
        }
        response.setStatusCode(status).putHeader("content-type", JSON).end(Buffer.buffer(json.write(value)));
    }
}
