package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.bench.TensorBench;
import org.llavacluster.node.bench.TransferTimes;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Pulls one image's embeddings through a real gRPC connection on loopback, beside a plain socket copy of the same
 * bytes.
 */
@Command(
        name = "tensor",
        description =
                "Pull one image's embeddings (f16 and f32) over gRPC, beside a plain socket copy of the same bytes.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchTensorCommand implements Callable<Integer> {

    @Option(names = "--rounds", paramLabel = "N", description = "Pulls counted; default ${DEFAULT-VALUE}.")
    private int rounds = 300;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Pulls before the measured ones; default ${DEFAULT-VALUE}.")
    private int warmup = 300;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        Progress.toStderr()
                .note("Pulling two tensors, " + (warmup + rounds) + " times each, over gRPC and over a plain socket");
        List<TensorBench.Result> results = TensorBench.run(warmup, rounds);
        System.out.println(json ? toJson(results) : toTable(results));
        return 0;
    }

    private static String toTable(List<TensorBench.Result> results) {
        StringBuilder table = new StringBuilder(
                "%-22s %10s %10s %8s %12s%n".formatted("", "p50 ms", "p99 ms", "GB/s", "of a socket"));
        for (TensorBench.Result result : results) {
            String tensor =
                    "%s, %.2f MB".formatted(typeOf(result), result.pull().bytes() / 1e6);
            table.append(row(tensor + " pull", result.pull(), "%.2f".formatted(result.fraction())));
            table.append(row(tensor + " socket", result.socket(), ""));
        }
        return table.toString().stripTrailing();
    }

    private static String row(String name, TransferTimes timing, String fraction) {
        return "%-22s %10.2f %10.2f %8.2f %12s%n"
                .formatted(
                        name,
                        timing.percentileNanos(0.5) / 1e6,
                        timing.percentileNanos(0.99) / 1e6,
                        timing.gigabytesPerSecond(),
                        fraction);
    }

    private static String toJson(List<TensorBench.Result> results) throws JsonProcessingException {
        List<Map<String, Object>> rows = results.stream()
                .map(result -> {
                    Map<String, Object> row = new LinkedHashMap<>();
                    row.put("dtype", typeOf(result));
                    row.put("bytes", result.pull().bytes());
                    row.put("pull", toMap(result.pull()));
                    row.put("socket", toMap(result.socket()));
                    row.put("fraction_of_socket", result.fraction());
                    return row;
                })
                .toList();
        return new ObjectMapper().writeValueAsString(Map.of("bench", "tensor", "results", rows));
    }

    private static Map<String, Object> toMap(TransferTimes timing) {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("p50_ms", timing.percentileNanos(0.5) / 1e6);
        map.put("p99_ms", timing.percentileNanos(0.99) / 1e6);
        map.put("gigabytes_per_second", timing.gigabytesPerSecond());
        return map;
    }

    private static String typeOf(TensorBench.Result result) {
        return result.dataType().name().replace("DATA_TYPE_", "").toLowerCase(java.util.Locale.ROOT);
    }
}
