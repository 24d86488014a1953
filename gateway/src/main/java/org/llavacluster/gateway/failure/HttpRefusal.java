package org.llavacluster.gateway.failure;

import java.util.Map;
import java.util.Optional;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.Refusal;
import org.llavacluster.node.metrics.RefusalReason;

/**
 * A request refused by the HTTP side of the gateway, before its content is processed.
 *
 * @param reason the reason under which it is counted
 * @param status HTTP status
 * @param type OpenAI's class of errors
 * @param code the error within the class
 * @param param the header or field at fault
 * @param headers headers of the answer
 */
public record HttpRefusal(
        RefusalReason reason,
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
            RefusalReason reason, int status, String message, Optional<String> param, Map<String, String> headers) {
        return new HttpRefusal(reason, status, "invalid_request_error", reason.label(), message, param, headers);
    }

    private static HttpRefusal invalid(RefusalReason reason, int status, String message) {
        return invalid(reason, status, message, Optional.empty(), Map.of());
    }

    /** A failure as an HTTP answer, with the times after which to try again. */
    public static HttpRefusal of(RefusalReason reason, Failure failure) {
        HttpFailures.Mapped mapped = HttpFailures.of(failure);
        return new HttpRefusal(
                reason,
                mapped.status(),
                mapped.type(),
                mapped.code(),
                failure.message(),
                mapped.param(),
                mapped.headers());
    }

    /** A refusal that is the same over gRPC. */
    public static HttpRefusal of(Refusal refusal) {
        return of(refusal.reason(), refusal.failure());
    }

    public static HttpRefusal malformed(String message) {
        return invalid(RefusalReason.MALFORMED_REQUEST, 400, message);
    }

    public static HttpRefusal unknownPath(String message) {
        return invalid(RefusalReason.UNKNOWN_PATH, 404, message);
    }

    /**
     * @param allowed methods of the path, as in the header {@code Allow}
     */
    public static HttpRefusal wrongMethod(String allowed) {
        return invalid(
                RefusalReason.METHOD_NOT_ALLOWED,
                405,
                "this path takes " + allowed,
                Optional.empty(),
                Map.of("allow", allowed));
    }

    /** Too little of the headers or of the body arrived in time. */
    public static HttpRefusal slow(RefusalReason reason, String message) {
        return new HttpRefusal(
                reason, 408, "invalid_request_error", "request_timeout", message, Optional.empty(), Map.of());
    }

    public static HttpRefusal targetTooLong(String message) {
        return invalid(RefusalReason.URI_TOO_LONG, 414, message);
    }

    public static HttpRefusal contentType(String message) {
        return invalid(RefusalReason.UNSUPPORTED_MEDIA_TYPE, 415, message, Optional.of("content-type"), Map.of());
    }

    public static HttpRefusal contentEncoding(String message) {
        return invalid(
                RefusalReason.UNSUPPORTED_ENCODING,
                415,
                message,
                Optional.of("content-encoding"),
                Map.of("accept-encoding", "gzip"));
    }

    public static HttpRefusal expectation() {
        return invalid(
                RefusalReason.EXPECTATION_FAILED, 417, "expect must be 100-continue", Optional.of("expect"), Map.of());
    }

    public static HttpRefusal headersTooLarge(String message) {
        return invalid(RefusalReason.HEADERS_TOO_LARGE, 431, message);
    }
}
