package org.llavacluster.cli.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.time.SettableClock;
import org.llavacluster.proto.v1.ChatEvent;
import org.llavacluster.proto.v1.Delta;
import org.llavacluster.proto.v1.Finished;
import org.llavacluster.proto.v1.Started;

class AnswerTimelineTest {

    private static final long SECOND = 1_000_000_000;

    private final SettableClock clock = new SettableClock();
    private final long start = clock.nanoTime();

    @Test
    void shouldMeasureFromTheRequest() {
        AnswerTimeline times = new AnswerTimeline(clock);
        accept(times, 2, ChatEvent.newBuilder().setStarted(Started.getDefaultInstance()));
        accept(times, 1, tokens(7));
        accept(times, 1, tokens(8, 9));
        accept(times, 1, tokens(10));
        accept(times, 3, ChatEvent.newBuilder().setFinished(Finished.getDefaultInstance()));

        assertThat(times.encodeSeconds()).isEqualTo(2);
        assertThat(times.firstTokenSeconds()).isEqualTo(3);
        assertThat(times.tokens())
                .isEqualTo(List.of(start + 3 * SECOND, start + 4 * SECOND, start + 4 * SECOND, start + 5 * SECOND));
        assertThat(times.tokensPerSecond()).isEqualTo(1.5);
    }

    @Test
    void shouldHaveNoRateWithOneToken() {
        AnswerTimeline times = new AnswerTimeline(clock);
        accept(times, 1, tokens(7));

        assertThat(times.tokensPerSecond()).isZero();
    }

    @Test
    void shouldSayThatThereWasNoToken() {
        AnswerTimeline times = new AnswerTimeline(clock);
        accept(times, 1, ChatEvent.newBuilder().setStarted(Started.getDefaultInstance()));

        assertThatThrownBy(times::firstTokenSeconds).hasMessage("the answer had no token");
    }

    private void accept(AnswerTimeline times, long secondsLater, ChatEvent.Builder event) {
        clock.advance(Duration.ofSeconds(secondsLater));
        times.accept(event.build());
    }

    private static ChatEvent.Builder tokens(Integer... ids) {
        return ChatEvent.newBuilder().setDelta(Delta.newBuilder().addAllTokenIds(List.of(ids)));
    }
}
