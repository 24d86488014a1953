package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.bench.RequestBench;
import org.llavacluster.cli.cluster.LocalCluster;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.overload.OverloadBench;
import org.llavacluster.cli.overload.OverloadOutcome;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.node.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** More requests than a cluster can answer. */
@Command(
        name = "overload",
        description = {
            "Offer a cluster multiples of its capacity: answers per second, and the time of refusals.",
            "The sender shares the machine with the cluster. The exit code is 1 if at the highest load fewer than 95 %"
                    + " of the peak's answers come, or a refusal takes 50 ms (p99)."
        },
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchOverloadCommand implements Callable<Integer> {

    private static final Duration DRAIN = Duration.ofSeconds(5);
    private static final double MOST = 100;

    @Option(
            names = "--loads",
            split = ",",
            paramLabel = "X",
            description = "Multiples of the capacity; default ${DEFAULT-VALUE}.")
    private List<Double> loads = List.of(0.5, 1.0, 2.0, 4.0, 7.0, 10.0);

    @Option(names = "--seconds", paramLabel = "N", description = "Time for each load; default ${DEFAULT-VALUE}.")
    private int seconds = 15;

    @Option(names = "--tokens", paramLabel = "N", description = "Tokens of each answer; default ${DEFAULT-VALUE}.")
    private int tokens = 256;

    @Option(names = "--api", description = "${COMPLETION-CANDIDATES}; default: each after the other.")
    private OverloadBench.Api api;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Override
    public Integer call() throws JsonProcessingException {
        OptionRange.requireBetween("--seconds", seconds, 1, 3600);
        OptionRange.requireBetween("--tokens", tokens, 1, 1024);
        if (!loads.stream().allMatch(load -> load > 0 && load <= MOST)) {
            throw new CliException("--loads must be above 0 and at most " + MOST + ", not " + loads);
        }
        Progress progress = Progress.toStderr();
        LocalModel.check(model, RequestBench.ONE_OF_EACH, progress).run();
        Ceilings ceilings = Ceilings.measure(BenchOptions.threads(model));
        progress.done("ceilings measured");
        List<OverloadOutcome> outcomes = measure(progress);
        Map<String, Object> settings = new LinkedHashMap<>(BenchOptions.settings(model));
        settings.put("seconds", seconds);
        settings.put("tokens", tokens);
        outcomes.forEach(outcome ->
                settings.put("capacity_" + outcome.api().name().toLowerCase(Locale.ROOT), outcome.capacity()));
        List<String> misses =
                outcomes.stream().flatMap(each -> each.misses().stream()).toList();
        settings.put("missed", misses);
        BenchReport report = new BenchReport(
                "overload",
                settings,
                ceilings,
                outcomes.stream().flatMap(each -> each.rows().stream()).toList());
        System.out.println(json ? report.toJson() : report.toTable());
        misses.forEach(progress::note);
        return misses.isEmpty() ? 0 : 1;
    }

    private List<OverloadOutcome> measure(Progress progress) {
        List<Double> ascending = loads.stream().sorted().toList();
        List<OverloadBench.Api> apis = api == null ? List.of(OverloadBench.Api.values()) : List.of(api);
        OverloadBench bench = new OverloadBench(Clock.SYSTEM, Duration.ofSeconds(seconds), tokens, progress);
        List<OverloadOutcome> outcomes = new ArrayList<>();
        try (LocalCluster cluster = LocalCluster.start(model.properties(), RequestBench.ONE_OF_EACH, DRAIN, progress)) {
            apis.forEach(each -> outcomes.add(bench.run(cluster, each, ascending)));
        }
        return outcomes;
    }
}
