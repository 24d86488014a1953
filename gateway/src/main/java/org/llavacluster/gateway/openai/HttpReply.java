package org.llavacluster.gateway.openai;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.Map;
import org.llavacluster.gateway.failure.HttpFailures;
import org.llavacluster.gateway.failure.HttpRefusal;
import org.llavacluster.node.failure.Failure;

/** Writes JSON answers and errors in OpenAI's shape. */
final class HttpReply {

    private static final String JSON = "application/json";

    private final CompletionJson json;

    HttpReply(CompletionJson json) {
        this.json = json;
    }

    /** Answers a GET with the value, a HEAD with the headers only. */
    void describe(HttpServerRequest request, Object value) {
        if (request.method() == HttpMethod.HEAD) {
            head(request.response(), value);
        } else {
            answer(request.response(), value);
        }
    }

    private void head(HttpServerResponse response, Object value) {
        response.putHeader("content-type", JSON)
                .putHeader("content-length", Integer.toString(json.write(value).length))
                .end();
    }

    void answer(HttpServerResponse response, Object value) {
        send(response, 200, Map.of(), value);
    }

    void fail(HttpServerResponse response, Failure failure) {
        HttpFailures.Mapped mapped = HttpFailures.of(failure);
        send(response, mapped.status(), mapped.headers(), error(failure));
    }

    void refuse(HttpServerResponse response, HttpRefusal refusal) {
        send(response, refusal.status(), refusal.headers(), error(refusal));
    }

    Wire.ErrorBody error(Failure failure) {
        HttpFailures.Mapped mapped = HttpFailures.of(failure);
        return new Wire.ErrorBody(new Wire.Problem(
                failure.message(), mapped.type(), mapped.param().orElse(null), mapped.code()));
    }

    static Wire.ErrorBody error(HttpRefusal refusal) {
        return new Wire.ErrorBody(new Wire.Problem(
                refusal.message(), refusal.type(), refusal.param().orElse(null), refusal.code()));
    }

    byte[] bytes(Object value) {
        return json.write(value);
    }

    private void send(HttpServerResponse response, int status, Map<String, String> headers, Object value) {
        if (response.closed() || response.ended()) {
            return;
        }
        headers.forEach(response::putHeader);
        response.setStatusCode(status).putHeader("content-type", JSON).end(Buffer.buffer(json.write(value)));
    }
}
