package org.llavacluster.cli.serve;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.llavacluster.cli.bench.ServiceProbe;
import org.llavacluster.cli.client.GatewayClient;

/**
 * The cluster that is measured.
 *
 * @param connect opens a connection to its gateway, which the bench closes
 * @param probes of the processes whose stages are looked at; none of a cluster elsewhere
 */
public record ServeTarget(Supplier<GatewayClient> connect, List<ServiceProbe> probes) {

    public ServeTarget {
        probes = List.copyOf(probes);
    }

    List<StageTimes> stages() {
        return probes.stream().map(probe -> StageTimes.of(probe.metrics())).toList();
    }

    /** Columns with the percentiles of each stage since an earlier look; a stage of several processes is there once. */
    static Map<String, Object> columns(List<StageTimes> before, List<StageTimes> after) {
        Map<String, Object> columns = new LinkedHashMap<>();
        for (int i = 0; i < after.size(); i++) {
            StageTimes since = after.get(i).since(before.get(i));
            for (String stage : since.buckets().keySet()) {
                columns.putIfAbsent(stage + "_p50_ms", orNull(since.millis(stage, 0.5)));
                columns.putIfAbsent(stage + "_p99_ms", orNull(since.millis(stage, 0.99)));
            }
        }
        return columns;
    }

    private static Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
