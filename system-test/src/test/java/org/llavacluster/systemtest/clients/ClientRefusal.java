package org.llavacluster.systemtest.clients;

import java.util.Optional;

/** A refusal that clients have to see, and what it says. */
enum ClientRefusal {
    CONTEXT(400, "context_length_exceeded", "messages", "maximum context length is 2048 tokens"),
    UNKNOWN_MODEL(404, "model_not_found", "model", "llava-1.5-tiny"),
    BROKEN_IMAGE(400, "invalid_value", "messages[0].content[0].image_url", "the image is not PNG"),
    REMOTE_IMAGE(400, "invalid_value", "messages[0].content[0].image_url.url", "must be a data URL"),
    UNSUPPORTED_FIELD(400, "invalid_value", "response_format", "type must be text"),
    OVERLOADED(429, "overloaded", null, "places are taken"),
    DEADLINE(504, "deadline_exceeded", null, "deadline");

    private final int status;
    private final String code;
    private final String param;
    private final String text;

    ClientRefusal(int status, String code, String param, String text) {
        this.status = status;
        this.code = code;
        this.param = param;
        this.text = text;
    }

    /** Of HTTP. */
    int status() {
        return status;
    }

    /** OpenAI's name of the error. */
    String code() {
        return code;
    }

    /** The field at fault, over HTTP. */
    Optional<String> param() {
        return Optional.ofNullable(param);
    }

    /** What the message says, among others. */
    String text() {
        return text;
    }
}
