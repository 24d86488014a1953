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
import org.llavacluster.model.bench.DecoderShape;
import org.llavacluster.model.bench.VisionBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One image through CLIP and the projector, with random weights. */
@Command(
        name = "vision",
        description = "An image through CLIP ViT-L/14-336 and the projector, as fractions of this machine's ceilings.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchVisionCommand implements Callable<Integer> {

    @Option(names = "--shape", paramLabel = "NAME", description = "Only ${DEFAULT-VALUE}.")
    private String shape = VisionBench.SHAPE;

    @Option(names = "--batch", paramLabel = "N", description = "Tiles in one run; default ${DEFAULT-VALUE}.")
    private int batch = 1;

    @Mixin
    private EngineOptions engine;

    @Override
    public Integer call() throws JsonProcessingException {
        if (!shape.equals(VisionBench.SHAPE)) {
            throw new CliException("--shape must be " + VisionBench.SHAPE + ", not " + shape);
        }
        OptionRange.requireBetween("--batch", batch, 1, 16);
        OptionalInt elsewhere = engine.elsewhere();
        if (elsewhere.isPresent()) {
            return elsewhere.getAsInt();
        }
        Progress progress = Progress.toStderr();
        CoreWarning.warn(OptionalInt.of(engine.threads()), progress);
        Ceilings ceilings = Ceilings.measure(engine.threads());
        progress.done("ceilings measured");
        List<Map<String, Object>> rows = new ArrayList<>();
        int hidden = DecoderShape.TINYLLAMA_1_1B.config().hiddenSize();
        try (Backend backend = engine.backend()) {
            for (VisionBench.Figure figure : VisionBench.run(backend, batch, hidden, ceilings)) {
                Map<String, Object> row = new LinkedHashMap<>();
                row.put("what", figure.what());
                row.put("tiles", figure.tiles());
                row.put("seconds", figure.seconds());
                row.put("tiles_per_s", figure.tilesPerSecond());
                row.put("of_flops", figure.ofFlops());
                rows.add(row);
            }
        }
        progress.done("images measured");
        BenchReport report = new BenchReport("vision", settings(), ceilings, rows);
        System.out.println(engine.json() ? report.toJson() : report.toTable());
        return 0;
    }

    Map<String, Object> settings() {
        return engine.settings(Map.of("shape", shape, "batch", batch));
    }
}
