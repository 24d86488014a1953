package org.llavacluster.gateway.admission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.time.SettableClock;

/** Holds the limits {@code GatewayProperties.MAX_RUNNING} and {@code GatewayProperties.MAX_WAITING}. */
class AdmissionTest {

    private final SettableClock clock = new SettableClock();

    @Test
    void shouldGiveAPlaceAtOnceOnlyWhereOneIsFree() {
        Admission admission = new Admission(1, 1, new SettableClock());
        Admission.Ticket place = admission.enterAtOnce().orElseThrow();
        assertThat(place.granted()).isTrue();
        assertThat(admission.enterAtOnce()).isEmpty();
        assertThat(admission.waiting()).isZero();
        place.close();
        assertThat(admission.enterAtOnce()).isPresent();
    }

    @Test
    void shouldLetThemRunInTheOrderInWhichTheyCame() {
        Admission admission = new Admission(1, 2, clock);
        List<String> turns = new ArrayList<>();
        Admission.Ticket first = admission.enter(() -> turns.add("first"));
        Admission.Ticket second = admission.enter(() -> turns.add("second"));
        Admission.Ticket third = admission.enter(() -> turns.add("third"));
        assertThat(first.granted()).isTrue();
        assertThat(second.granted()).isFalse();
        first.close();
        assertThat(turns).containsExactly("second");
        assertThat(third.granted()).isFalse();
        second.close();
        assertThat(turns).containsExactly("second", "third");
    }

    @Test
    void shouldRefuseBeyondTheQueueWithATimeToComeBack() {
        Admission admission = new Admission(2, 1, clock);
        Admission.Ticket running = admission.enter(() -> {});
        admission.enter(() -> {});
        admission.enter(() -> {});
        FailureException refused = catchThrowableOfType(FailureException.class, () -> admission.enter(() -> {}));
        assertThat(refused.failure())
                .isEqualTo(
                        new Failure.Overloaded("all 2 running and 1 waiting places are taken", Duration.ofMillis(100)));
        running.close();
        admission.enter(() -> {});
    }

    @Test
    void shouldAskToComeBackLaterWhereRequestsTakeLonger() {
        Admission admission = new Admission(1, 0, clock);
        for (int i = 0; i < 200; i++) {
            Admission.Ticket ticket = admission.enter(() -> {});
            clock.advance(Duration.ofSeconds(4));
            ticket.close();
        }
        admission.enter(() -> {});
        FailureException refused = catchThrowableOfType(FailureException.class, () -> admission.enter(() -> {}));
        Duration retry = ((Failure.Overloaded) refused.failure()).retryAfter();
        assertThat(retry).isBetween(Duration.ofMillis(3990), Duration.ofSeconds(4));
    }

    @Test
    void shouldGiveBackAPlaceOnceHoweverOftenATicketIsClosed() {
        Admission admission = new Admission(1, 1, clock);
        Admission.Ticket running = admission.enter(() -> {});
        Admission.Ticket waiting = admission.enter(() -> {});
        waiting.close();
        waiting.close();
        assertThat(admission.waiting()).isZero();
        running.close();
        running.close();
        assertThat(admission.running()).isZero();
    }

    @Test
    void shouldLoseNoPlaceWhateverIsClosedWhen() {
        long seed = 20_261_125;
        Random random = new Random(seed);
        Admission admission = new Admission(3, 4, clock);
        ArrayDeque<Admission.Ticket> held = new ArrayDeque<>();
        for (int i = 0; i < 100_000; i++) {
            if (random.nextBoolean()) {
                try {
                    held.add(admission.enter(() -> {}));
                } catch (FailureException full) {
                    assertThat(held).as("seed %d, step %d", seed, i).hasSize(7);
                }
            } else if (!held.isEmpty()) {
                Admission.Ticket ticket = random.nextBoolean() ? held.pollFirst() : held.pollLast();
                ticket.close();
            }
            assertThat(admission.running()).isEqualTo(Math.min(3, held.size()));
            assertThat(admission.waiting()).isEqualTo(Math.max(0, held.size() - 3));
        }
    }

    @Test
    void shouldLoseNoPlaceBetweenThreads() throws InterruptedException {
        Admission admission = new Admission(2, 1000, clock);
        AtomicInteger running = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            threads.add(Thread.startVirtualThread(() -> {
                CountDownLatch turn = new CountDownLatch(1);
                try (Admission.Ticket ticket = admission.enter(turn::countDown)) {
                    if (!ticket.granted()) {
                        turn.await();
                    }
                    most.accumulateAndGet(running.incrementAndGet(), Math::max);
                    running.decrementAndGet();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get()).isBetween(1, 2);
        assertThat(admission.running()).isZero();
        assertThat(admission.waiting()).isZero();
    }
}
