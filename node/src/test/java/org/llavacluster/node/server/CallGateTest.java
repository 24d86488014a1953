package org.llavacluster.node.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CallGateTest {

    private static final Duration LONG = Duration.ofMinutes(5);

    private final CallGate gate = new CallGate(1);

    @Test
    void shouldBeFoundByTheFirstCallEvenIfItIsRefused() throws Exception {
        gate.enter();
        CallGate full = gate;
        assertThat(full.enter()).isPresent();
        waiting().get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldBeFoundByWhoAsksAboutTheNode() throws Exception {
        CompletableFuture<Void> waiting = waiting();
        assertThat(waiting).isNotDone();
        gate.found();
        waiting.get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldLetNobodyWaitOnceItDrains() throws Exception {
        gate.drain();
        waiting().get(60, TimeUnit.SECONDS);
    }

    @Test
    void shouldWaitNoLongerThanItIsTold() {
        gate.awaitFound(Duration.ZERO);
        assertThat(gate.running()).isZero();
    }

    private CompletableFuture<Void> waiting() {
        return CompletableFuture.runAsync(() -> gate.awaitFound(LONG));
    }
}
