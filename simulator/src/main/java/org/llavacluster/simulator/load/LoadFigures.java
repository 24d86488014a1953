package org.llavacluster.simulator.load;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.simulator.history.ClientRequest;

/**
 * What became of requests.
 *
 * @param offered requests per second
 * @param goodput completed by their deadline, per second
 * @param refused per second
 * @param failed or late, in all
 * @param firstTokenMillis time to first token of those that had one: half of them, 90, 95 and 99 of 100 had theirs by
 *     then
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

    /** Of the requests that came or ended within that time. */
    static LoadFigures of(Collection<ClientRequest> requests, long fromNanos, long toNanos) {
        double seconds = (toNanos - fromNanos) / 1e9;
        List<ClientRequest> came = requests.stream()
                .filter(request -> request.submitNanos >= fromNanos && request.submitNanos < toNanos)
                .toList();
        long completed = requests.stream()
                .filter(ClientRequest::completed)
                .filter(request -> request.ends.getFirst().nanos() >= fromNanos
                        && request.ends.getFirst().nanos() < toNanos)
                .count();
        long refused = came.stream()
                .filter(request ->
                        request.ended() && request.ends.getFirst().outcome() instanceof RequestOutcome.Refused)
                .count();
        long failed = came.stream()
                .filter(request -> request.ended()
                        && (request.ends.getFirst().outcome() instanceof RequestOutcome.Failed
                                || request.ends.getFirst().outcome() instanceof RequestOutcome.Expired))
                .count();
        double[] waits = came.stream()
                .filter(request -> request.firstTokenNanos >= 0)
                .mapToDouble(request -> (request.firstTokenNanos - request.submitNanos) / 1e6)
                .toArray();
        return new LoadFigures(
                came.size() / seconds, completed / seconds, refused / seconds, failed, Percentiles.of(waits));
    }
}
