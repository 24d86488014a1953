package org.llavacluster.node.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class GrpcFailuresTest {

    private static final List<Failure> ONE_OF_EACH = List.of(
            new Failure.Invalid("messages[0].role", "unknown role"),
            new Failure.ContextExceeded("messages", "maximum context length is 4096 tokens"),
            new Failure.TooLarge("image", "at most 20 MiB, not 21"),
            new Failure.Overloaded("the queue is full", Duration.ofMillis(1250)),
            new Failure.Unavailable("no decoder is there"),
            new Failure.Aborted("the decoder was lost after 12 tokens"),
            new Failure.Corrupt("the tensor does not have its checksum"),
            new Failure.Precondition("send the image again"),
            new Failure.NotFound("no such call"),
            new Failure.UnknownModel("no model of that name"),
            new Failure.Unsupported("no audio"),
            new Failure.Expired("the deadline is over"),
            new Failure.Cancelled("the client left"),
            new Failure.Internal("0123456789abcdef"));

    static Stream<Failure> failures() {
        return ONE_OF_EACH.stream();
    }

    @Test
    void shouldKnowEveryKind() {
        assertThat(ONE_OF_EACH.stream().<Class<?>>map(Object::getClass))
                .containsExactlyInAnyOrder(Failure.class.getPermittedSubclasses());
    }

    @ParameterizedTest
    @MethodSource("failures")
    void shouldComeBackAsItWent(Failure failure) {
        StatusRuntimeException status = GrpcFailures.toStatus(failure);
        assertThat(status.getStatus().getCode()).isEqualTo(GrpcFailures.code(failure));
        assertThat(status.getStatus().getDescription()).isEqualTo(failure.message());
        assertThat(GrpcFailures.of(status)).isEqualTo(failure);
    }

    @Test
    void shouldTellRetriesWhenToTryAgain() {
        assertThat(pushback(new Failure.Overloaded("full", Duration.ofMillis(1250))))
                .isEqualTo("1250");
        assertThat(pushback(new Failure.TooLarge("image", "large"))).isEqualTo("-1");
        assertThat(pushback(new Failure.Unavailable("gone"))).isNull();
    }

    private static String pushback(Failure failure) {
        return GrpcFailures.toStatus(failure).getTrailers().get(GrpcFailures.PUSHBACK);
    }

    /** A library's message may contain addresses or content. */
    @ParameterizedTest
    @EnumSource(value = Status.Code.class, mode = EnumSource.Mode.EXCLUDE, names = "OK")
    void shouldLeaveOutForeignTexts(Status.Code code) {
        Status foreign = code.toStatus().withDescription("Connection refused: /127.0.0.1:40001");
        assertThat(GrpcFailures.of(foreign, new Metadata()).message())
                .isNotEmpty()
                .doesNotContain("127.0.0.1");
        assertThat(GrpcFailures.of(foreign, null).message()).doesNotContain("127.0.0.1");
    }

    @Test
    void shouldReadThePushbackOfOthers() {
        Metadata trailers = new Metadata();
        trailers.put(GrpcFailures.PUSHBACK, "300");
        assertThat(GrpcFailures.of(Status.RESOURCE_EXHAUSTED, trailers))
                .isEqualTo(new Failure.Overloaded("a limit was exceeded", Duration.ofMillis(300)));
        Metadata nonsense = new Metadata();
        nonsense.put(GrpcFailures.PUSHBACK, "soon");
        assertThat(GrpcFailures.of(Status.RESOURCE_EXHAUSTED, nonsense)).isInstanceOf(Failure.TooLarge.class);
    }

    @Test
    void shouldSeeThroughGrpcsCancellationForAnUnreadableMessage() {
        Status status = Status.CANCELLED
                .withDescription("Failed to read message.")
                .withCause(Status.DATA_LOSS.withDescription("tensor frame").asRuntimeException());
        assertThat(GrpcFailures.of(status, new Metadata())).isInstanceOf(Failure.Corrupt.class);
    }

    @Test
    void shouldDescribeAnIncidentWithoutContent() {
        String text = Incident.describe(
                new IllegalStateException("secret question", new IllegalArgumentException("secret answer")));
        assertThat(text)
                .contains("java.lang.IllegalStateException at ", "caused by java.lang.IllegalArgumentException at ")
                .doesNotContain("secret")
                .doesNotContain("\n");
    }
}
