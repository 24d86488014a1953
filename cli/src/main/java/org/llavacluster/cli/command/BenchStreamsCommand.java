package org.llavacluster.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.bench.MadeUpPrompts;
import org.llavacluster.cli.bench.ReportFile;
import org.llavacluster.cli.bench.RequestBench;
import org.llavacluster.cli.bench.StreamFigures;
import org.llavacluster.cli.bench.StreamsBench;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.node.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Running streams while another request's prompt is computed, for several budgets. */
@Command(
        name = "streams",
        description = "Waits of running streams while an image's prompt prefills, against its time to first token.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchStreamsCommand implements Callable<Integer> {

    private static final int MAX_BUDGET = 60_000;

    @Option(
            names = "--budgets",
            split = ",",
            paramLabel = "MS",
            description = "Times for the prompt rows of one step; default ${DEFAULT-VALUE} ms.")
    private List<Integer> budgets = List.of(50, 200, 1000);

    @Option(names = "--streams", paramLabel = "N", description = "Running streams; default ${DEFAULT-VALUE}.")
    private int streams = 4;

    @Option(names = "--repeat", paramLabel = "N", description = "Prompts for each budget; default ${DEFAULT-VALUE}.")
    private int repeat = 3;

    @Option(names = "--plot", paramLabel = "FILE", description = "Write the plot to this file, as SVG.")
    private Path plot;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Override
    public Integer call() throws IOException {
        budgets.forEach(budget -> OptionRange.requireBetween("--budgets", budget, 1, MAX_BUDGET));
        OptionRange.requireBetween("--streams", streams, 1, 16);
        OptionRange.requireBetween("--repeat", repeat, 1, 100);
        Progress progress = Progress.toStderr();
        LocalModel.check(model, RequestBench.ONE_OF_EACH, progress).run();
        Ceilings ceilings = Ceilings.measure(BenchOptions.threads(model));
        progress.done("ceilings measured");
        List<StreamFigures> figures = new ArrayList<>();
        try (Tokenizer tokenizer = Tokenizer.load(model.open())) {
            StreamsBench bench =
                    new StreamsBench(Clock.SYSTEM, new MadeUpPrompts(tokenizer), streams, repeat, progress);
            budgets.forEach(budget -> figures.add(bench.run(model.properties(), budget)));
        }
        Map<String, Object> settings = new LinkedHashMap<>(BenchOptions.settings(model));
        settings.put("streams", streams);
        settings.put("repeat", repeat);
        List<Map<String, Object>> rows =
                figures.stream().map(StreamFigures::row).toList();
        BenchReport report = new BenchReport("streams", settings, ceilings, rows);
        writePlot(settings.get("model") + ", " + streams + " streams, budgets for prefill", figures);
        System.out.println(json ? report.toJson() : report.toTable());
        return 0;
    }

    private void writePlot(String title, List<StreamFigures> figures) {
        if (plot != null) {
            ReportFile.write(plot, StreamFigures.plot(title, figures).toSvg());
        }
    }
}
