package org.llavacluster.gateway.failure;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.node.failure.Failure;

/**
 * A request that HTTP's side of the gateway refuses, before anything is made of its content.
 *
 * @param reason under which it is counted
 * @param status of HTTP
 * @param type OpenAI's class of errors
 * @param code which of them
 * @param param the header or field at fault
 * @param headers of the answer that belong to it
 */
public record HttpRefusal(
        String reason,
        int status,
        String type,
        String code,
        String message,
        Optional<String> param,
        Map<String, String> headers) {

    public HttpRefusal {
        headers = Map.copyOf(headers);
    }

    private static HttpRefusal invalid(
            int status, String code, String message, Optional<String> param, Map<String, String> headers) {
        return new HttpRefusal(code, status, "invalid_request_error", code, message, param, headers);
    }

    private static HttpRefusal invalid(int status, String code, String message) {
        return invalid(status, code, message, Optional.empty(), Map.of());
    }

    /** A failure as HTTP says it, with the times after which to try again. */
    public static HttpRefusal of(String reason, Failure failure) {
        HttpFailures.Mapped mapped = HttpFailures.of(failure);
        Map<String, String> headers = new HashMap<>();
        mapped.retryAfter().ifPresent(time -> {
            headers.put("retry-after", Long.toString(Math.max(1, time.toSeconds())));
            headers.put("retry-after-ms", Long.toString(time.toMillis()));
        });
        // OpenAI's clients repeat calls by themselves and ask this header first.
        headers.put("x-should-retry", Boolean.toString(mapped.worthRetrying()));
        return new HttpRefusal(
                reason, mapped.status(), mapped.type(), mapped.code(), failure.message(), mapped.param(), headers);
    }

    public static HttpRefusal malformed(String message) {
        return invalid(400, "malformed_request", message);
    }

    public static HttpRefusal unknownPath(String message) {
        return invalid(404, "unknown_path", message);
    }

    /** @param allowed methods of the path, as the header {@code Allow} lists them */
    public static HttpRefusal wrongMethod(String allowed) {
        return invalid(
                405, "method_not_allowed", "this path takes " + allowed, Optional.empty(), Map.of("allow", allowed));
    }

    /** Too little of the headers or of the body came in time. */
    public static HttpRefusal slow(String reason, String message) {
        return new HttpRefusal(
                reason, 408, "invalid_request_error", "request_timeout", message, Optional.empty(), Map.of());
    }

    public static HttpRefusal targetTooLong(String message) {
        return invalid(414, "uri_too_long", message);
    }

    public static HttpRefusal contentType(String message) {
        return invalid(415, "unsupported_media_type", message, Optional.of("content-type"), Map.of());
    }

    public static HttpRefusal contentEncoding(String message) {
        return invalid(
                415,
                "unsupported_encoding",
                message,
                Optional.of("content-encoding"),
                Map.of("accept-encoding", "gzip"));
    }

    public static HttpRefusal expectation() {
        return invalid(417, "expectation_failed", "expect must be 100-continue", Optional.of("expect"), Map.of());
    }

    public static HttpRefusal headersTooLarge(String message) {
        return invalid(431, "headers_too_large", message);
    }
}
