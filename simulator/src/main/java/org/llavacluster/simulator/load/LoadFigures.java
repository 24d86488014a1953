package org.llavacluster.simulator.load;

import java.util.Arrays;
import java.util.Collection;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.simulator.history.ClientRequest;

/**
 * What became of requests.
 *
 * @param offered requests per second
 * @param goodput completed by their deadline, per second
 * @param refused per second
 * @param failed in any other way, in all
 * @param firstTokenMillis time to first token of those that had one: half of them, 90, 95 and 99 of 100 had theirs by then
 */
public record LoadFigures(double offered, double goodput, double refused, long failed, Percentiles firstTokenMillis) {

    /** In the order of size. */
    public record Percentiles(double p50, double p90, double p95, double p99) {

        static Percentiles of(double[] values) {
            Arrays.sort(values);
            return new Percentiles(at(values, 0.5), at(values, 0.9), at(values, 0.95), at(values, 0.99));
        }

        private static double at(double[] sorted, double share) {
            return sorted.length == 0 ? 0 : sorted[Math.min(sorted.length - 1, (int) (share * sorted.length))];
        }
    }

    static LoadFigures of(Collection<ClientRequest> requests, double seconds) {
        long completed = requests.stream().filter(ClientRequest::completed).count();
        long refused = requests.stream()
                .filter(request ->
                        request.ended() && request.ends.getFirst().outcome() instanceof RequestOutcome.Refused)
                .count();
        double[] waits = requests.stream()
                .filter(request -> request.firstTokenNanos >= 0)
                .mapToDouble(request -> (request.firstTokenNanos - request.submitNanos) / 1e6)
                .toArray();
        return new LoadFigures(
                requests.size() / seconds,
                completed / seconds,
                refused / seconds,
                requests.size() - completed - refused,
                Percentiles.of(waits));
    }
}
