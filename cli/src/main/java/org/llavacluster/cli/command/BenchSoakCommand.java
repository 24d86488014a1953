package org.llavacluster.cli.command;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.ReportFile;
import org.llavacluster.cli.client.GatewayClient;
import org.llavacluster.cli.client.GatewayFinder;
import org.llavacluster.cli.client.TargetAddress;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.options.ClusterOptions;
import org.llavacluster.cli.options.ClusterOptions.ClusterSize;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.soak.Soak;
import org.llavacluster.cli.soak.SoakPlan;
import org.llavacluster.cli.soak.SoakReport;
import org.llavacluster.cli.soak.SoakTarget;
import org.llavacluster.cli.soak.SoakedProcess;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.node.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Minutes or hours of mixed requests, and what they leave behind in the processes. */
@Command(
        name = "soak",
        description = {
            "Send a steady mix of requests to a cluster and watch memory, threads and files of its processes.",
            "Writes a report as JSON, Markdown and SVG. The exit code is 1 if the resident memory of a process keeps"
                    + " growing, an answer changed, or a request did not end exactly once."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchSoakCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(5);

    /** Caches that are full within the first minutes: one that fills for an hour cannot be told from a leak. */
    private static final Map<String, String> SMALL_CACHES =
            Map.of("llava.tensor-cache-bytes", "4194304", "llava.gateway.image-store-bytes", "4194304");

    private static final int MOST_MINUTES = 7 * 24 * 60;
    private static final double DEFAULT_WARM_UP = 5;

    @Option(names = "--minutes", paramLabel = "N", description = "How long; default ${DEFAULT-VALUE}.")
    private double minutes = 30;

    @Option(
            names = "--warm-up",
            paramLabel = "N",
            description = "Minutes at the start that are left out of slopes; default: 5, at most a third of all.")
    private Double warmUp;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Requests per second; default: half of what one client at a time gets answered.")
    private Double rate;

    @Option(names = "--seed", paramLabel = "N", description = "Of the requests; default: drawn, and in the report.")
    private Long seed;

    @Option(
            names = "--growth",
            paramLabel = "MB",
            description = "A process that grows by so many MB a minute has a leak; default ${DEFAULT-VALUE}.")
    private double growth = 0.5;

    @Option(
            names = "--target",
            paramLabel = "ADDRESS",
            description = "A running gateway instead of an own cluster: HOST:PORT of its gRPC API, URL of its HTTP API,"
                    + " or both, each behind a --target.")
    private List<String> targets = List.of();

    @Option(
            names = "--process",
            paramLabel = "ID=PID[,URL]",
            description = "A process behind --target that is watched, on this machine, with its HTTP URL for metrics.")
    private List<String> processes = List.of();

    @Option(
            names = "--json",
            paramLabel = "FILE",
            description = "Where the report goes, .md and .svg beside it; default ${DEFAULT-VALUE}.")
    private Path json = Path.of("soak.json");

    @Mixin
    private ModelOptions model;

    @Mixin
    private ClusterOptions cluster;

    @Override
    public Integer call() throws IOException {
        SoakPlan plan = plan();
        requireWritable();
        Progress progress = Progress.toStderr();
        if (!targets.isEmpty()) {
            return soak(remote(progress), plan, Map.of("target", String.join(" ", targets)), progress);
        }
        ClusterSize size = cluster.size();
        LocalModel.check(model, size, progress).run();
        Map<String, String> properties = new LinkedHashMap<>(model.properties());
        properties.putAll(SMALL_CACHES);
        try (LocalCluster local = LocalCluster.start(properties, size, DRAIN, progress)) {
            SoakTarget target = new SoakTarget(
                    new GatewayClient(local.grpc()), Optional.of(URI.create(local.http())), () -> running(local));
            return soak(target, plan, BenchOptions.settings(model), progress);
        }
    }

    private SoakPlan plan() {
        if (!(minutes > 0 && minutes <= MOST_MINUTES)) {
            throw new CliException("--minutes must be above 0 and at most " + MOST_MINUTES + ", not " + minutes);
        }
        double leftOut = warmUp == null ? Math.min(DEFAULT_WARM_UP, minutes / 3) : warmUp;
        if (!(leftOut >= 0 && leftOut < minutes)) {
            throw new CliException("--warm-up must be between 0 and less than --minutes, not " + warmUp);
        }
        if (rate != null && !(rate > 0 && rate <= 1000)) {
            throw new CliException("--rate must be above 0 and at most 1000, not " + rate);
        }
        if (!(growth > 0)) {
            throw new CliException("--growth must be above 0, not " + growth);
        }
        return new SoakPlan(
                ofMinutes(minutes),
                ofMinutes(leftOut),
                rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
                seed == null ? ThreadLocalRandom.current().nextInt(Integer.MAX_VALUE) : seed,
                growth);
    }

    private static Duration ofMinutes(double minutes) {
        return Duration.ofMillis(Math.round(minutes * 60_000));
    }

    private Integer soak(SoakTarget target, SoakPlan plan, Map<String, Object> settings, Progress progress)
            throws IOException {
        try (Soak soak = new Soak(target, plan, progress, Clock.SYSTEM)) {
            SoakReport report = soak.run(settings);
            ReportFile.write(json, report.toJson() + "\n");
            ReportFile.write(
                    beside(".md"),
                    report.toMarkdown(beside(".svg").getFileName().toString()));
            ReportFile.write(beside(".svg"), report.toSvg());
            System.out.println(report.toTable());
            progress.note("The report is in " + json + ", " + beside(".md") + " and " + beside(".svg"));
            return report.exitCode();
        }
    }

    private static List<SoakedProcess> running(LocalCluster local) {
        return local.services().stream()
                .map(service -> new SoakedProcess(service.id(), service.pid(), Optional.of(URI.create(service.http()))))
                .toList();
    }

    private SoakTarget remote(Progress progress) {
        List<TargetAddress> addresses =
                targets.stream().map(TargetAddress::parse).toList();
        Optional<URI> http = addresses.stream()
                .filter(TargetAddress.Http.class::isInstance)
                .map(address -> ((TargetAddress.Http) address).base())
                .findFirst();
        TargetAddress grpc = addresses.stream()
                .filter(TargetAddress.Grpc.class::isInstance)
                .findFirst()
                .orElse(addresses.getFirst());
        List<SoakedProcess> watched =
                processes.stream().map(SoakedProcess::parse).toList();
        if (http.isEmpty()) {
            progress.note("No URL of the gateway's HTTP API is given: all requests go over gRPC.");
        }
        if (watched.isEmpty()) {
            progress.note("No --process is given: only answers and times are looked at.");
        }
        return new SoakTarget(GatewayFinder.connect(grpc), http, () -> watched);
    }

    /** Before minutes are spent. */
    private void requireWritable() {
        Path folder = json.toAbsolutePath().getParent();
        if (!Files.isWritable(folder) || Files.isDirectory(json)) {
            throw new CliException("--json " + json + " cannot be written");
        }
    }

    private Path beside(String ending) {
        String name = json.getFileName().toString();
        return json.resolveSibling((name.endsWith(".json") ? name.substring(0, name.length() - 5) : name) + ending);
    }
}
