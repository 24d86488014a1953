package org.llavacluster.gateway.failure;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.GrpcFailures;

/** Failures as HTTP statuses in the terms of OpenAI's errors. The only place with this mapping. */
public final class HttpFailures {

    /** A restarted worker is usually up by then. */
    private static final Duration UNAVAILABLE_RETRY = Duration.ofSeconds(2);

    private HttpFailures() {}

    /**
     * @param type OpenAI's class of errors
     * @param code the error within the class
     * @param param the field at fault
     * @param retryAfter time after which to try again
     * @param worthRetrying whether clients that repeat failed calls automatically should; not if work was done in vain
     */
    public record Mapped(
            int status,
            String type,
            String code,
            Optional<String> param,
            Optional<Duration> retryAfter,
            boolean worthRetrying) {

        /** The headers of the answer that say whether and when to try again. */
        public Map<String, String> headers() {
            Map<String, String> headers = new HashMap<>();
            retryAfter.ifPresent(time -> {
                headers.put("retry-after", Long.toString(Math.max(1, time.toSeconds())));
                headers.put("retry-after-ms", Long.toString(time.toMillis()));
            });
            // OpenAI's clients repeat calls by themselves and ask this header first.
            headers.put("x-should-retry", Boolean.toString(worthRetrying));
            return headers;
        }
    }

    public static Mapped of(Failure failure) {
        return switch (failure) {
            case Failure.Invalid invalid -> refused(400, "invalid_value", Optional.of(invalid.field()));
            case Failure.ContextExceeded exceeded ->
                refused(400, "context_length_exceeded", Optional.of(exceeded.field()));
            case Failure.TooLarge tooLarge -> refused(413, "too_large", Optional.of(tooLarge.field()));
            case Failure.NotFound notFound -> refused(404, "not_found", Optional.empty());
            case Failure.UnknownModel unknown -> refused(404, "model_not_found", Optional.of(GrpcFailures.MODEL));
            case Failure.Precondition precondition -> refused(412, "failed_precondition", Optional.empty());
            case Failure.Unsupported unsupported -> refused(501, "unsupported", Optional.empty());
            case Failure.Cancelled cancelled -> refused(499, "cancelled", Optional.empty());
            case Failure.Overloaded overloaded ->
                new Mapped(
                        429,
                        "rate_limit_error",
                        "overloaded",
                        Optional.empty(),
                        Optional.of(overloaded.retryAfter()),
                        true);
            case Failure.Unavailable unavailable ->
                new Mapped(503, "server_error", "unavailable", Optional.empty(), Optional.of(UNAVAILABLE_RETRY), true);
            case Failure.Aborted aborted -> broken(502, "aborted", false);
            case Failure.Corrupt corrupt -> broken(502, "data_loss", false);
            case Failure.Expired expired -> broken(504, "deadline_exceeded", false);
            case Failure.Internal internal -> broken(500, "internal", false);
        };
    }

    private static Mapped refused(int status, String code, Optional<String> param) {
        return new Mapped(status, "invalid_request_error", code, param, Optional.empty(), false);
    }

    private static Mapped broken(int status, String code, boolean worthRetrying) {
        return new Mapped(status, "server_error", code, Optional.empty(), Optional.empty(), worthRetrying);
    }
}
