package org.llavacluster.cli.simulate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.bench.ReportFile;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.simulate.SeedRuns.BrokenSeed;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.simulator.load.ClusterSize;
import org.llavacluster.simulator.load.LoadMix;
import org.llavacluster.simulator.load.LoadSweep;
import org.llavacluster.simulator.worker.WorkerSpeed;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The gateway's scheduler in virtual time: random runs with faults, and latency by load. */
@Command(
        name = "simulate",
        description = "Run the gateway's scheduler in virtual time, with faults and under load.",
        footer = "Exit code 1 if a run broke a promise; --first-seed SEED --seeds 1 runs it again.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class SimulateCommand implements Callable<Integer> {

    private static final int SHOWN = 20;

    @Option(names = "--seeds", paramLabel = "N", description = "Runs with faults; default ${DEFAULT-VALUE}.")
    private int seeds = 200;

    @Option(names = "--first-seed", paramLabel = "SEED", description = "Seed of the first; default ${DEFAULT-VALUE}.")
    private int firstSeed;

    @Option(names = "--nodes", paramLabel = "N", description = "Workers of all roles; default ${DEFAULT-VALUE}.")
    private int nodes = 24;

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "Virtual seconds of each load; 0 leaves the loads out; default ${DEFAULT-VALUE}.")
    private int seconds = 20;

    @Option(
            names = "--goals",
            description = "Measure also repeated images, floods, overload and the cost of decisions.")
    private boolean goals;

    @Option(names = "--plot", paramLabel = "FILE", description = "Write latency against load there, as SVG.")
    private Path plot;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Override
    public Integer call() throws IOException {
        OptionRange.requireBetween("--seeds", seeds, 0, 1_000_000);
        OptionRange.requireBetween("--first-seed", firstSeed, 0, Integer.MAX_VALUE);
        OptionRange.requireBetween("--nodes", nodes, 3, 2_000);
        OptionRange.requireBetween("--seconds", seconds, plot == null ? 0 : 1, 600);
        Progress progress = Progress.toStderr();
        List<BrokenSeed> broken = new SeedRuns(nodes, progress).run(firstSeed, seeds);
        LoadTable loads = seconds == 0 ? null : loads(progress);
        GoalTable measured = goals ? GoalTable.measure(firstSeed + 1L, Math.max(seconds, 10), progress) : null;
        writePlot(loads);
        System.out.println(json ? toJson(broken, loads, measured) : toText(broken, loads, measured));
        return broken.isEmpty() ? 0 : 1;
    }

    private LoadTable loads(Progress progress) {
        LoadSweep sweep = new LoadSweep(firstSeed + 1L, ClusterSize.of(nodes), seconds);
        return new LoadTable(
                nodes,
                sweep.run(
                        LoadMix.CHAT,
                        WorkerSpeed.ACCELERATOR,
                        point -> progress.done("load of " + Math.round(100 * point.share()) + " %")));
    }

    private void writePlot(LoadTable loads) {
        if (plot != null) {
            ReportFile.write(plot, loads.plot().toSvg());
        }
    }

    private String toJson(List<BrokenSeed> broken, LoadTable loads, GoalTable measured) throws JsonProcessingException {
        Map<String, Object> report = new LinkedHashMap<>();
        report.put("seeds", seeds);
        report.put("first_seed", firstSeed);
        report.put("nodes", nodes);
        report.put("breaches", broken.stream().map(SimulateCommand::row).toList());
        report.put("seconds", seconds);
        report.put("loads", loads == null ? List.of() : loads.rows());
        if (measured != null) {
            report.put("goals", measured.comparisons());
            report.put("growth", measured.growth());
        }
        return new ObjectMapper().writeValueAsString(report);
    }

    private static Map<String, Object> row(BrokenSeed broken) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("seed", broken.seed());
        row.put("promise", broken.breach().promise().title());
        row.put("what", broken.breach().what());
        return row;
    }

    private String toText(List<BrokenSeed> broken, LoadTable loads, GoalTable measured) {
        StringBuilder text = new StringBuilder();
        text.append("%d runs with faults on up to %d workers: %s%n"
                .formatted(seeds, nodes, broken.isEmpty() ? "every promise held" : broken.size() + " breaches"));
        broken.stream().limit(SHOWN).forEach(one -> text.append("  seed %d: %s%n".formatted(one.seed(), one.breach())));
        if (loads != null) {
            text.append(System.lineSeparator()).append(BenchReport.table(loads.rows()));
        }
        if (measured != null) {
            text.append("%n%n".formatted()).append(BenchReport.table(measured.comparisons()));
            text.append("%n%n".formatted()).append(BenchReport.table(measured.growth()));
        }
        return text.toString().stripTrailing();
    }
}
