package org.llavacluster.simulator.promise;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.llavacluster.simulator.history.ClientRequest;
import org.llavacluster.simulator.history.History;

/**
 * While a text request waits for a decoder, no other tenant gets more of the decoders than the request's own tenant,
 * but for what one largest request takes more (start-time fair queueing), tenants having equal weights.
 */
final class FairPromise {

    private record Start(long nanos, String tenant, double cost) {}

    /** The scheduler counts an answer as the tokens that answers mostly have, this check as those that it may have. */
    private static final double LENIENCE = 1.5;

    private FairPromise() {}

    static Stream<String> fair(History history) {
        List<Start> starts = new ArrayList<>();
        double largest = 0;
        for (ClientRequest request : history.requests.values()) {
            largest = Math.max(largest, cost(request));
            if (!request.attempts.isEmpty() && request.attempts.getFirst().imagesEncoded) {
                starts.add(new Start(request.attempts.getFirst().startNanos, request.spec.tenant(), cost(request)));
            }
        }
        starts.sort(Comparator.comparingLong(Start::nanos));
        List<String> breaches = new ArrayList<>();
        for (ClientRequest request : history.requests.values()) {
            if (request.spec.images().isEmpty() && !request.attempts.isEmpty()) {
                check(request, starts, largest, breaches);
            }
        }
        return breaches.stream();
    }

    private static void check(ClientRequest request, List<Start> starts, double largest, List<String> breaches) {
        long from = request.submitNanos;
        long to = request.attempts.getFirst().startNanos;
        Map<String, Double> served = new HashMap<>();
        for (Start start : starts) {
            if (start.nanos() > from && start.nanos() < to) {
                served.merge(start.tenant(), start.cost(), Double::sum);
            }
        }
        double own = served.getOrDefault(request.spec.tenant(), 0.0);
        served.forEach((tenant, cost) -> {
            if (cost > LENIENCE * own + 3 * largest) {
                breaches.add(StreamPromises.name(request) + " waited while " + tenant + " got " + cost
                        + " tokens of work and its own tenant " + own);
            }
        });
    }

    /** At most: answers count as what they may have. */
    private static double cost(ClientRequest request) {
        return (double) request.spec.promptTokens() + request.spec.maxTokens();
    }
}
