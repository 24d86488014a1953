package org.llavacluster.cli.soak;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.llavacluster.proto.v1.ChatRequest;

class SoakLogTest {

    private static final long START = 5_000_000_000L;

    private final SoakLog log = new SoakLog();

    @Test
    void shouldCountTimeFromWhenARequestWasDue() {
        // Due at the start, sent late by a client that fell behind: the wait counts.
        ended(ask("a"), answered("x", 400), 0, 1000);

        MinuteFigures minute = log.minutes().getFirst();
        assertThat(minute.firstToken().p50().getAsDouble()).isCloseTo(400, within(1.0));
        assertThat(minute.answer().p99().getAsDouble()).isCloseTo(1000, within(1.0));
        assertThat(minute.answers()).isEqualTo(1);
    }

    @Test
    void shouldPutRequestsIntoTheMinuteInWhichTheyEnded() {
        ended(ask("a"), answered("x", 1), 0, 59_999);
        ended(ask("a"), answered("x", 1), 0, 60_000);

        assertThat(log.minutes()).extracting(MinuteFigures::minute).containsExactly(0, 1);
    }

    @Test
    void shouldHoldAnswersAgainstTheFirstOfTheirName() {
        ended(ask("a"), answered("x", 1), 0, 1);
        ended(ask("b"), answered("y", 1), 0, 1);
        ended(ask("a"), answered("x", 1), 0, 1);
        assertThat(log.wrong()).isEmpty();

        ended(ask("a"), answered("z", 1), 0, 1);
        assertThat(log.wrong()).containsExactly("a over GRPC was answered in other words than the first time");
        assertThat(log.compared()).isEqualTo(2);
    }

    @Test
    void shouldCountRefusalsForLoadAsErrorsOnly() {
        ended(ask("a"), new SoakOutcome.Refused("RESOURCE_EXHAUSTED"), 0, 1);
        ended(ask("a"), new SoakOutcome.Refused("503"), 0, 1);
        ended(ask("a"), new SoakOutcome.Refused("unavailable"), 0, 1);

        assertThat(log.wrong()).isEmpty();
        assertThat(log.errors())
                .containsEntry("TEXT GRPC RESOURCE_EXHAUSTED", 1L)
                .containsEntry("TEXT GRPC 503", 1L);
        assertThat(log.minutes().getFirst().errorCount()).isEqualTo(3);
    }

    @Test
    void shouldFindWrongWhateverElseARequestEndsWith() {
        ended(ask("a"), new SoakOutcome.Refused("INTERNAL"), 0, 1);
        ended(ask("a"), new SoakOutcome.WrongEnd("gRPC: finished 2 times"), 0, 1);
        ended(new SoakRequest.Wrong(WrongRequest.NO_JSON, 1), answered("x", 1), 0, 1);
        ended(new SoakRequest.Wrong(WrongRequest.NO_JSON, 1), new SoakOutcome.Refused("500"), 0, 1);

        assertThat(log.wrong())
                .containsExactly(
                        "a over GRPC ended with INTERNAL",
                        "a over GRPC did not end exactly once: gRPC: finished 2 times",
                        "the wrong request NO_JSON ended with an answer instead of a refusal",
                        "the wrong request NO_JSON ended with 500 instead of a refusal");
    }

    @Test
    void shouldExpectRefusalsOfWrongRequests() {
        ended(new SoakRequest.Wrong(WrongRequest.NO_JSON, 1), new SoakOutcome.Refused("400"), 0, 1);
        ended(new SoakRequest.Wrong(WrongRequest.TOO_HOT, 1), new SoakOutcome.Refused("INVALID_ARGUMENT"), 0, 1);

        assertThat(log.wrong()).isEmpty();
        assertThat(log.errors()).isEmpty();
        assertThat(log.minutes().getFirst().refused()).isEqualTo(2);
    }

    private void ended(SoakRequest request, SoakOutcome outcome, long dueMillis, long nowMillis) {
        log.ended(request, outcome, START, START + nanos(dueMillis), START + nanos(nowMillis));
    }

    private static SoakOutcome answered(String text, long tokenMillis) {
        return new SoakOutcome.Answered(text, OptionalLong.of(START + nanos(tokenMillis)));
    }

    private static SoakRequest ask(String name) {
        return new SoakRequest.Ask(
                SoakKind.TEXT,
                SoakProtocol.GRPC,
                Optional.of(name),
                ChatRequest.getDefaultInstance(),
                Optional.empty(),
                new SoakReading.Whole());
    }

    private static long nanos(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
