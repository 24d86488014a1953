package org.llavacluster.simulator;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.History;
import org.llavacluster.simulator.promise.Breach;
import org.llavacluster.simulator.promise.Promise;

class FaultRunTest {

    private static final int SEEDS = 200;
    private static final int NODES = 24;

    @Test
    void shouldKeepAllPromises() {
        List<String> broken = new ArrayList<>();
        long completed = 0;
        long tokens = 0;
        long resumed = 0;
        long failed = 0;
        long faults = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            History history = new FaultRun(seed, NODES, FaultRun.Parts.sound()).run();
            for (Breach breach : Promise.breaches(history)) {
                broken.add("seed " + seed + ": " + breach);
            }
            for (ClientRequest request : history.requests.values()) {
                completed += request.completed() ? 1 : 0;
                failed += request.ended() && request.ends.getFirst().outcome() instanceof RequestOutcome.Failed ? 1 : 0;
                tokens += request.received();
            }
            resumed += history.load == null ? 0 : history.load.resumes();
            faults += history.faults.size();
        }
        assertThat(broken).isEmpty();
        // What the runs have to reach for the promises to mean anything.
        assertThat(completed).isGreaterThan(10_000);
        assertThat(tokens).isGreaterThan(100_000);
        assertThat(resumed).isGreaterThan(50);
        assertThat(failed).isGreaterThan(100);
        assertThat(faults).isGreaterThan(500);
    }

    @Test
    void shouldGiveTheSameRunForTheSameSeed() {
        for (long seed = 0; seed < 5; seed++) {
            assertThat(trace(seed)).isEqualTo(trace(seed));
        }
    }

    private static List<String> trace(long seed) {
        History history = new FaultRun(seed, NODES, FaultRun.Parts.sound()).run();
        List<String> trace = new ArrayList<>();
        history.requests.values().forEach(request -> {
            trace.add(request.spec.id() + " " + request.received() + " " + request.ends.getFirst());
            request.attempts.forEach(attempt -> trace.add(attempt.decoder + " " + attempt.startNanos));
        });
        return trace;
    }
}
