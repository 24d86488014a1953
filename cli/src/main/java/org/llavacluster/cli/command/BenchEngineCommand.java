package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.options.EngineOptions;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.engine.bench.LinearBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Linear layers of the sizes that CLIP and LLaMA have. */
@Command(
        name = "engine",
        description = "Linear layers of CLIP's and LLaMA's sizes, as fractions of this machine's ceilings.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchEngineCommand implements Callable<Integer> {

    @Mixin
    private EngineOptions engine;

    @Override
    public Integer call() throws JsonProcessingException {
        OptionalInt elsewhere = engine.elsewhere();
        if (elsewhere.isPresent()) {
            return elsewhere.getAsInt();
        }
        Progress progress = Progress.toStderr();
        Cores.warn(OptionalInt.of(engine.threads()), progress);
        Ceilings ceilings = Ceilings.measure(engine.threads());
        progress.done("ceilings measured");
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Backend backend = engine.backend()) {
            for (LinearBench.Figure figure : LinearBench.run(backend, engine.weights(), ceilings)) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("rows", figure.rows());
                row.put("columns", figure.columns());
                row.put("depth", figure.depth());
                row.put("ms", figure.seconds() * 1e3);
                row.put("gflops", figure.gigaflops());
                row.put("of_flops", figure.ofFlops());
                row.put("gb_per_s", figure.gigabytes());
                row.put("of_bandwidth", figure.ofBytes());
                rows.add(row);
            }
        }
        progress.done("layers measured");
        Map<String, Object> settings = engine.settings(Map.of());
        BenchReport report = new BenchReport("engine", settings, ceilings, rows);
        System.out.println(engine.json() ? report.toJson() : report.toTable());
        return 0;
    }
}
