package org.llavacluster.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;

/**
 * Holds the limits {@code HttpProperties.MAX_ARRIVING}, {@code HttpProperties.MIN_BODY_RATE} and {@code
 * HttpProperties.MAX_BODY_TIME}.
 */
class ArrivalsTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final ByteBudget budget = new ByteBudget(1000, 900);
    private final Arrivals arrivals = new Arrivals(new ArrivalLimits(4, 3, 10, Duration.ofSeconds(60)), budget);
    private final List<String> lost = new ArrayList<>();

    private Arrivals.Arrival begin(String peer, String name, long now) {
        return arrivals.begin(peer, now, failure -> lost.add(name));
    }

    @Test
    void shouldHoldAsManyAtOnceAsTheLimitAndNoMore() {
        begin("a", "1", 0);
        begin("a", "2", 0);
        begin("b", "3", 0);
        begin("b", "4", 0);
        FailureException refused = catchThrowableOfType(FailureException.class, () -> begin("c", "5", 1));
        assertThat(refused.failure()).isInstanceOf(Failure.Overloaded.class);
        assertThat(lost).isEmpty();
        assertThat(arrivals.size()).isEqualTo(4);
    }

    @Test
    void shouldTakeThePlaceOfTheSlowestForANewcomer() {
        begin("a", "fast", 0).came(500, 0);
        begin("a", "slow", 0).came(1, 0);
        begin("b", "middle", 0).came(50, 0);
        begin("b", "too new to judge", SECOND);
        begin("c", "newcomer", SECOND);
        assertThat(lost).containsExactly("slow");
        assertThat(arrivals.size()).isEqualTo(4);
    }

    @Test
    void shouldTakeAPlaceOfAPeerThatHasItsShareFromThatPeer() {
        begin("b", "slowest of all", 0);
        begin("a", "1", 0).came(10, 0);
        begin("a", "2", 0).came(5, 0);
        begin("a", "3", 0).came(20, 0);
        begin("a", "4", SECOND);
        assertThat(lost).containsExactly("2");
        begin("b", "5", SECOND);
        assertThat(lost).containsExactly("2", "slowest of all");
    }

    @Test
    void shouldTakeMemoryForBytesThatCameFromTheLargestThatIsNotWhole() {
        Arrivals.Arrival hoarder = begin("a", "hoarder", 0);
        hoarder.came(800, 800);
        Arrivals.Arrival other = begin("b", "other", 0);
        other.came(100, 100);
        Arrivals.Arrival small = begin("c", "small", 0);
        small.came(100, 100);
        small.came(1, 1);
        assertThat(lost).containsExactly("hoarder");
        assertThat(budget.held()).isEqualTo(201);
        assertThat(hoarder.whole()).isEmpty();
        assertThat(small.whole()).isPresent();
    }

    @Test
    void shouldTakeNoMemoryFromWhatIsWholeOrSmaller() {
        Arrivals.Arrival whole = begin("a", "whole", 0);
        whole.came(700, 700);
        ByteBudget.Reservation kept = whole.whole().orElseThrow();
        begin("b", "small", 0).came(100, 100);
        Arrivals.Arrival large = begin("c", "large", 0);
        FailureException refused = catchThrowableOfType(FailureException.class, () -> large.came(201, 201));
        assertThat(refused.failure()).isInstanceOf(Failure.Overloaded.class);
        assertThat(lost).isEmpty();
        large.close();
        assertThat(budget.held()).isEqualTo(800);
        kept.close();
        assertThat(budget.held()).isEqualTo(100);
    }

    @Test
    void shouldEndWhatIsSlowOverAWindowHoweverManyPiecesItComesIn() {
        Arrivals.Arrival slow = begin("a", "slow", 0);
        for (int i = 0; i < 99; i++) {
            slow.came(1, 1);
        }
        assertThat(slow.check(10 * SECOND - 1)).isEmpty();
        assertThat(slow.check(10 * SECOND)).get().isInstanceOf(Failure.Expired.class);
    }

    @Test
    void shouldLetWhatComesAtTheSlowestRateComeUntilItsTimeIsOver() {
        Arrivals.Arrival steady = begin("a", "steady", 0);
        for (int window = 1; window < 6; window++) {
            steady.came(100, 100);
            assertThat(steady.check(window * 10 * SECOND)).isEmpty();
        }
        steady.came(100, 100);
        assertThat(steady.check(60 * SECOND - 1)).isEmpty();
        assertThat(steady.check(60 * SECOND)).get().isInstanceOf(Failure.Expired.class);
    }
}
