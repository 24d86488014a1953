package org.llavacluster.cli.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.ReportFile;
import org.llavacluster.cli.bench.ServiceProbe;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.client.GatewayFinder;
import org.llavacluster.cli.client.TargetAddress;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.options.ClusterOptions;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.serve.ServeBench;
import org.llavacluster.cli.serve.ServeFigures;
import org.llavacluster.cli.serve.ServeObjective;
import org.llavacluster.cli.serve.ServePlan;
import org.llavacluster.cli.serve.ServeReport;
import org.llavacluster.cli.serve.ServeTarget;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Latency and goodput of a cluster by offered load. */
@Command(
        name = "serve",
        description = {
            "Send a mix of text, images and cancelled requests at given rates: goodput, time to first token, time per"
                    + " output token and times of the stages.",
            "Requests come at random times, whether or not earlier ones have ended, and times count from when a request"
                    + " was due. The exit code is 1 if a request failed."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchServeCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final double MOST_PER_SECOND = 10_000;

    @Option(
            names = "--rates",
            split = ",",
            paramLabel = "R",
            description = "Requests per second; default: 0.25 to 1.25 of what 16 clients get that wait for answers.")
    private List<Double> rates = List.of();

    @Option(names = "--seconds", paramLabel = "N", description = "Time for each rate; default ${DEFAULT-VALUE}.")
    private int seconds = 30;

    @Option(names = "--tokens", paramLabel = "N", description = "Tokens of each answer; default ${DEFAULT-VALUE}.")
    private int tokens = 64;

    @Option(
            names = "--image-side",
            paramLabel = "N",
            description = "Width and height of each image; default ${DEFAULT-VALUE}.")
    private int side = 336;

    @Option(
            names = "--ttft",
            paramLabel = "MS",
            description = "Objective: longest time to the first token; default ${DEFAULT-VALUE}.")
    private int firstToken = 2_000;

    @Option(
            names = "--tpot",
            paramLabel = "MS",
            description = "Objective: longest mean time of each further token; default ${DEFAULT-VALUE}.")
    private int perToken = 200;

    @Option(names = "--deadline", paramLabel = "S", description = "Of each request; default ${DEFAULT-VALUE}.")
    private int deadline = 60;

    @Option(names = "--seed", paramLabel = "N", description = "Of the requests; default: drawn, and printed.")
    private Long seed;

    @Option(
            names = "--target",
            paramLabel = "ADDRESS",
            description = "A running gateway instead of an own cluster: HOST:PORT of its gRPC API, or URL of its HTTP"
                    + " API. Without the times of its stages.")
    private String target;

    @Option(names = "--plot", paramLabel = "FILE", description = "Write latency against load there, as SVG.")
    private Path plot;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Mixin
    private ClusterOptions cluster;

    @Override
    public Integer call() throws IOException {
        Progress progress = Progress.toStderr();
        ServePlan plan = plan();
        progress.note("seed " + plan.seed());
        ServeBench bench = new ServeBench(plan, Clock.SYSTEM, progress);
        List<ServeFigures> figures = target == null ? local(bench, progress) : remote(bench);
        ServeReport report = new ServeReport(settings(plan), figures);
        if (plot != null) {
            ReportFile.write(plot, report.toSvg());
        }
        System.out.println(json ? report.toJson() : report.toTable());
        List<String> failures = figures.stream()
                .flatMap(each -> each.failures().stream())
                .distinct()
                .toList();
        failures.forEach(reason -> progress.note("a request failed: " + reason));
        return failures.isEmpty() ? 0 : 1;
    }

    private ServePlan plan() {
        OptionRange.requireBetween("--seconds", seconds, 1, 3_600);
        OptionRange.requireBetween("--tokens", tokens, 1, 1_024);
        OptionRange.requireBetween("--image-side", side, 1, 4_096);
        OptionRange.requireBetween("--ttft", firstToken, 1, 600_000);
        OptionRange.requireBetween("--tpot", perToken, 1, 600_000);
        OptionRange.requireBetween("--deadline", deadline, 1, 600);
        if (!rates.stream().allMatch(rate -> rate > 0 && rate <= MOST_PER_SECOND)) {
            throw new CliException("--rates must be above 0 and at most " + MOST_PER_SECOND + ", not " + rates);
        }
        return new ServePlan(
                rates.stream().sorted().toList(),
                Duration.ofSeconds(seconds),
                tokens,
                side,
                Duration.ofSeconds(deadline),
                new ServeObjective(Duration.ofMillis(firstToken), Duration.ofMillis(perToken)),
                seed == null ? new Random().nextInt(Integer.MAX_VALUE) : seed);
    }

    private Map<String, Object> settings(ServePlan plan) {
        Map<String, Object> settings = new LinkedHashMap<>();
        if (target == null) {
            settings.putAll(BenchOptions.settings(model));
        } else {
            settings.put("target", target);
        }
        settings.put("seed", plan.seed());
        settings.put("seconds", seconds);
        settings.put("tokens", tokens);
        settings.put("image_side", side);
        settings.put("objective_ttft_ms", firstToken);
        settings.put("objective_tpot_ms", perToken);
        return settings;
    }

    private List<ServeFigures> remote(ServeBench bench) {
        TargetAddress address = TargetAddress.parse(target);
        return bench.run(new ServeTarget(() -> GatewayFinder.connect(address), List.of()));
    }

    private List<ServeFigures> local(ServeBench bench, Progress progress) {
        ClusterSize size = cluster.size();
        LocalModel.check(model, size, progress).run();
        try (LocalCluster local = LocalCluster.start(model.properties(), size, DRAIN, progress)) {
            List<ServiceProbe> probes = local.services().stream()
                    .map(service -> new ServiceProbe(service.id(), URI.create(service.http())))
                    .toList();
            try {
                return bench.run(new ServeTarget(() -> new GatewayClient(local.grpc()), probes));
            } finally {
                probes.forEach(ServiceProbe::close);
            }
        }
    }
}
