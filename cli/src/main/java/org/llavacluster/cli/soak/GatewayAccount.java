package org.llavacluster.cli.soak;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.llavacluster.cli.bench.MetricsText;
import org.llavacluster.cli.bench.Pause;
import org.llavacluster.cli.bench.ServiceProbe;
import org.llavacluster.node.time.Clock;

/** Whether a gateway's own counters say that every request ended once. */
final class GatewayAccount {

    /** A client that leaves is noticed a little later than it leaves. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final Duration INTERVAL = Duration.ofMillis(250);
    private static final List<String> ENDS = List.of("completed", "rejected", "cancelled", "expired", "failed");

    private GatewayAccount() {}

    /** Looks until the account is even, for a while; what is wrong with it if it never is. */
    static Optional<String> imbalance(URI gateway, Clock clock) {
        try (ServiceProbe probe = new ServiceProbe("gateway", gateway)) {
            long start = clock.nanoTime();
            Optional<String> wrong = imbalance(probe.metrics());
            while (wrong.isPresent() && clock.nanoTime() - start < PATIENCE.toNanos()) {
                Pause.of(INTERVAL, clock);
                wrong = imbalance(probe.metrics());
            }
            return wrong;
        }
    }

    static Optional<String> imbalance(MetricsText metrics) {
        long submitted = (long) metrics.sum("llava_requests_submitted_total");
        long ended = ENDS.stream()
                .mapToLong(end -> (long) metrics.sum("llava_requests_" + end + "_total"))
                .sum();
        return submitted == ended
                ? Optional.empty()
                : Optional.of("the gateway counted " + submitted + " requests and " + ended + " ends");
    }
}
