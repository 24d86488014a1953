package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.options.EngineOptions;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.engine.bench.LinearBench;
import org.llavacluster.model.bench.LinearSizes;
import org.llavacluster.model.bench.VisionBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Linear layers at the sizes of CLIP and LLaMA. */
@Command(
        name = "engine",
        description = "Linear layers of CLIP's and LLaMA's sizes, as fractions of this machine's ceilings.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchEngineCommand implements Callable<Integer> {

    private static final int MAX_BATCH = 64;

    @Option(
            names = "--shape",
            paramLabel = "NAME",
            description =
                    "tinyllama-1.1b, llama-7b or clip-vit-l-336: all layers of that model; default: some of each.")
    private String shape;

    @Option(
            names = "--batch",
            paramLabel = "N",
            description = "Sequences, or CLIP's tiles, at once; default 8, for CLIP 1.")
    private Integer batch;

    @Mixin
    private EngineOptions engine;

    @Override
    public Integer call() throws JsonProcessingException {
        List<LinearBench.Size> sizes = sizes();
        OptionalInt elsewhere = engine.elsewhere();
        if (elsewhere.isPresent()) {
            return elsewhere.getAsInt();
        }
        Progress progress = Progress.toStderr();
        CoreWarning.warn(OptionalInt.of(engine.threads()), progress);
        Ceilings ceilings = Ceilings.measure(engine.threads());
        progress.done("ceilings measured");
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Backend backend = engine.backend()) {
            for (LinearBench.Figure figure : LinearBench.run(backend, engine.weights(), sizes, ceilings)) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("rows", figure.size().rows());
                row.put("columns", figure.size().columns());
                row.put("depth", figure.size().depth());
                row.put("ms", figure.seconds() * 1e3);
                row.put("gflops", figure.gigaflops());
                row.put("of_flops", figure.ofFlops());
                row.put("gb_per_s", figure.gigabytes());
                row.put("of_bandwidth", figure.ofBytes());
                rows.add(row);
            }
        }
        progress.done("layers measured");
        Map<String, Object> settings = engine.settings(shape == null ? Map.of() : Map.of("shape", shape));
        BenchReport report = new BenchReport("engine", settings, ceilings, rows);
        System.out.println(engine.json() ? report.toJson() : report.toTable());
        return 0;
    }

    private List<LinearBench.Size> sizes() {
        if (batch != null) {
            OptionRange.requireBetween("--batch", batch, 1, MAX_BATCH);
        }
        if (shape == null) {
            return LinearBench.mixed(batch == null ? 8 : batch);
        }
        int rows = batch != null ? batch : shape.equals(VisionBench.SHAPE) ? 1 : 8;
        return LinearSizes.of(shape, rows)
                .orElseThrow(() -> new CliException(
                        "--shape must be one of " + String.join(", ", LinearSizes.shapes()) + ", not " + shape));
    }
}
