package org.llavacluster.gateway.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.node.failure.Failure;

class HttpFailuresTest {

    static Arguments[] statuses() {
        return new Arguments[] {
            Arguments.of(new Failure.Invalid("top_p", "m"), 400, "invalid_request_error", Optional.of("top_p"), false),
            Arguments.of(new Failure.TooLarge("body", "m"), 413, "invalid_request_error", Optional.of("body"), false),
            Arguments.of(
                    new Failure.ContextExceeded("messages", "m"),
                    400,
                    "invalid_request_error",
                    Optional.of("messages"),
                    false),
            Arguments.of(new Failure.NotFound("m"), 404, "invalid_request_error", Optional.empty(), false),
            Arguments.of(new Failure.UnknownModel("m"), 404, "invalid_request_error", Optional.of("model"), false),
            Arguments.of(new Failure.Precondition("m"), 412, "invalid_request_error", Optional.empty(), false),
            Arguments.of(new Failure.Unsupported("m"), 501, "invalid_request_error", Optional.empty(), false),
            Arguments.of(new Failure.Cancelled("m"), 499, "invalid_request_error", Optional.empty(), false),
            Arguments.of(
                    new Failure.Overloaded("m", Duration.ofSeconds(2)),
                    429,
                    "rate_limit_error",
                    Optional.empty(),
                    true),
            Arguments.of(new Failure.Unavailable("m"), 503, "server_error", Optional.empty(), true),
            Arguments.of(new Failure.Aborted("m"), 502, "server_error", Optional.empty(), false),
            Arguments.of(new Failure.Corrupt("m"), 502, "server_error", Optional.empty(), false),
            Arguments.of(new Failure.Expired("m"), 504, "server_error", Optional.empty(), false),
            Arguments.of(new Failure.Internal("1f"), 500, "server_error", Optional.empty(), false),
        };
    }

    @Test
    void shouldNameTheErrorsThatClientsAskForByCode() {
        assertThat(HttpFailures.of(new Failure.ContextExceeded("messages", "m")).code())
                .isEqualTo("context_length_exceeded");
        assertThat(HttpFailures.of(new Failure.UnknownModel("m")).code()).isEqualTo("model_not_found");
    }

    @ParameterizedTest
    @MethodSource("statuses")
    void shouldMapEachFailureToOneStatus(
            Failure failure, int status, String type, Optional<String> param, boolean worthRetrying) {
        HttpFailures.Mapped mapped = HttpFailures.of(failure);
        assertThat(mapped.status()).isEqualTo(status);
        assertThat(mapped.type()).isEqualTo(type);
        assertThat(mapped.param()).isEqualTo(param);
        assertThat(mapped.worthRetrying()).isEqualTo(worthRetrying);
    }
}
