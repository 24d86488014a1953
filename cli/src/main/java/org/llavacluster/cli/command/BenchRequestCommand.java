package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.bench.MadeUpPrompts;
import org.llavacluster.cli.bench.RequestBench;
import org.llavacluster.cli.bench.RequestFigures;
import org.llavacluster.cli.options.ModelOptions;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.modelio.tokenizer.Tokenizer;
import org.llavacluster.node.time.Clock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whole requests through real processes. */
@Command(
        name = "request",
        description = "Questions about images through a cluster: time to first token of a new and of a known image.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchRequestCommand implements Callable<Integer> {

    @Option(
            names = "--decode-tokens",
            paramLabel = "N",
            description = "Tokens of each answer; default ${DEFAULT-VALUE}.")
    private int decodeTokens = 64;

    @Option(names = "--repeat", paramLabel = "N", description = "Number of images; default ${DEFAULT-VALUE}.")
    private int repeat = 3;

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Mixin
    private ModelOptions model;

    @Override
    public Integer call() throws JsonProcessingException {
        OptionRange.requireBetween("--decode-tokens", decodeTokens, 2, 1024);
        OptionRange.requireBetween("--repeat", repeat, 1, 100);
        Progress progress = Progress.toStderr();
        LocalModel.check(model, RequestBench.ONE_OF_EACH, progress).run();
        Ceilings ceilings = Ceilings.measure(BenchOptions.threads(model));
        progress.done("ceilings measured");
        try (Tokenizer tokenizer = Tokenizer.load(model.open())) {
            RequestBench bench = new RequestBench(Clock.SYSTEM, new MadeUpPrompts(tokenizer), decodeTokens, progress);
            RequestFigures figures = bench.run(model.properties(), repeat);
            Map<String, Object> settings = new LinkedHashMap<>(BenchOptions.settings(model));
            settings.put("decode_tokens", decodeTokens);
            settings.put("repeat", repeat);
            settings.put("start_s", figures.startSeconds());
            settings.put("resident_mb", figures.residentMegabytes());
            BenchReport report = new BenchReport("request", settings, ceilings, figures.rows());
            System.out.println(json ? report.toJson() : report.toTable() + System.lineSeparator() + started(figures));
        }
        return 0;
    }

    private static String started(RequestFigures figures) {
        StringBuilder line = new StringBuilder("ready after %.1f s".formatted(figures.startSeconds()));
        figures.residentMegabytes()
                .forEach((service, megabytes) -> line.append("; %s %.0f MB".formatted(service, megabytes)));
        return line.toString();
    }
}
