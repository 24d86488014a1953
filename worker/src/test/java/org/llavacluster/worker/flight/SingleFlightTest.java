package org.llavacluster.worker.flight;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SingleFlightTest {

    private final Map<String, String> held = new HashMap<>();
    private final List<Flight<String>> started = new ArrayList<>();
    private final SingleFlight<String, String> flights = new SingleFlight<>(key -> Optional.ofNullable(held.get(key)));
    private final List<String> a = new ArrayList<>();
    private final List<String> b = new ArrayList<>();

    @Test
    void shouldStartOnceAndTellAll() {
        flights.join("k", a::add, started::add);
        flights.join("k", b::add, started::add);
        assertThat(started).hasSize(1);

        started.getFirst().finish("value");

        assertThat(a).containsExactly("value");
        assertThat(b).containsExactly("value");
        assertThat(flights.size()).isZero();
    }

    @Test
    void shouldHandOverWhatIsHeldWithoutStarting() {
        held.put("k", "kept");
        flights.join("k", a::add, started::add).close();
        assertThat(flights.joinExisting("k", b::add)).isPresent();
        assertThat(a).containsExactly("kept");
        assertThat(b).containsExactly("kept");
        assertThat(started).isEmpty();
    }

    @Test
    void shouldKeepFlyingForFollowersWhenTheLeaderLeaves() {
        SingleFlight.Ticket leader = flights.join("k", a::add, started::add);
        flights.join("k", b::add, started::add);
        List<String> stopped = new ArrayList<>();
        started.getFirst().onAbandoned(() -> stopped.add("stopped"));

        leader.close();

        assertThat(stopped).isEmpty();
        assertThat(started.getFirst().wanted()).isTrue();
        started.getFirst().finish("value");
        assertThat(a).isEmpty();
        assertThat(b).containsExactly("value");
    }

    @Test
    void shouldStopTheWorkWhenTheLastOneLeavesAndStartAnewForTheNext() {
        SingleFlight.Ticket one = flights.join("k", a::add, started::add);
        SingleFlight.Ticket two = flights.join("k", a::add, started::add);
        List<String> stopped = new ArrayList<>();
        one.close();
        one.close();
        started.getFirst().onAbandoned(() -> stopped.add("stopped"));
        two.close();

        assertThat(stopped).containsExactly("stopped");
        assertThat(started.getFirst().wanted()).isFalse();
        assertThat(flights.size()).isZero();

        flights.join("k", b::add, started::add);
        started.getFirst().finish("too late");
        started.getLast().finish("value");
        assertThat(started).hasSize(2);
        assertThat(a).isEmpty();
        assertThat(b).containsExactly("value");
    }

    @Test
    void shouldStopAtOnceWhatIsSetUpAfterItWasAbandoned() {
        flights.join("k", a::add, started::add).close();
        List<String> stopped = new ArrayList<>();
        started.getFirst().onAbandoned(() -> stopped.add("stopped"));
        assertThat(stopped).containsExactly("stopped");
    }

    @Test
    void shouldNotJoinWhatIsNotThere() {
        assertThat(flights.joinExisting("k", a::add)).isEmpty();
        flights.join("k", a::add, started::add);
        assertThat(flights.joinExisting("k", b::add)).isPresent();
        started.getFirst().finish("value");
        assertThat(b).containsExactly("value");
    }

    @Test
    void shouldMakeEachValueOnceUnderConcurrentCallers() throws Exception {
        int callers = 2_000;
        Map<Integer, String> store = new ConcurrentHashMap<>();
        SingleFlight<Integer, String> shared = new SingleFlight<>(key -> Optional.ofNullable(store.get(key)));
        AtomicInteger made = new AtomicInteger();
        AtomicInteger told = new AtomicInteger();
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                int key = i % 50;
                calls.add(threads.submit(() -> shared.join(key, value -> told.incrementAndGet(), flight -> {
                    made.incrementAndGet();
                    store.put(key, "value " + key);
                    flight.finish("value " + key);
                })));
            }
            for (Future<?> call : calls) {
                call.get(10, TimeUnit.SECONDS);
            }
        }
        assertThat(told).hasValue(callers);
        assertThat(made).hasValue(50);
        assertThat(shared.size()).isZero();
    }
}
