package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.bench.TensorFlowProcess;
import org.llavacluster.cli.options.EngineOptions;
import org.llavacluster.cli.options.ThreadCount;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.engine.simd.SimdBackend;
import org.llavacluster.model.bench.OperationBench;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Every operation of the models, on both engines. */
@Command(
        name = "operations",
        description = "Every operation at LLaMA 1.1B's and CLIP's sizes, on the SIMD engine and on TensorFlow.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchOperationsCommand implements Callable<Integer> {

    private static final ObjectMapper JSON = new ObjectMapper();

    @Option(
            names = "--weights",
            description = "For the SIMD engine: ${COMPLETION-CANDIDATES}; default: one after the other, some minutes."
                    + " TensorFlow has F32 only.")
    private WeightsFormat weights;

    @Option(names = "--threads", paramLabel = "N", description = "Threads; default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws IOException {
        ThreadCount.checked(threads);
        if (weights != null && !TensorFlowProcess.isThis()) {
            return TensorFlowProcess.run(
                    command.root().commandLine().getParseResult().originalArgs());
        }
        Progress progress = Progress.toStderr();
        if (weights == null) {
            CoreWarning.warn(OptionalInt.of(threads), progress);
            print(allFormats(progress));
        } else {
            print(measure(weights, progress));
        }
        return 0;
    }

    /**
     * Uses a process per format, because in one that has run several the compiler knows too many types to inline the
     * kernels of any.
     */
    private BenchReport allFormats(Progress progress) throws IOException {
        List<Map<String, Object>> rows = new ArrayList<>();
        Ceilings ceilings = null;
        for (WeightsFormat format : WeightsFormat.values()) {
            byte[] printed = TensorFlowProcess.capture(
                    List.of("bench", "operations", "--json", "--weights=" + format.written(), "--threads=" + threads));
            JsonNode report = JSON.readTree(printed);
            rows.addAll(JSON.convertValue(report.get("results"), new TypeReference<List<Map<String, Object>>>() {}));
            ceilings = JSON.treeToValue(report.get("ceilings"), Ceilings.class);
            progress.done(format.written() + " measured");
        }
        return new BenchReport("operations", Map.of(), ceilings, rows);
    }

    private BenchReport measure(WeightsFormat format, Progress progress) {
        Ceilings ceilings = Ceilings.measure(threads);
        progress.done("ceilings measured");
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Backend simd = new SimdBackend(format, threads);
                Backend tensorFlow = EngineOptions.tensorFlow(threads)) {
            // Operations without weights are the same in every format, so once is enough.
            boolean onlyLinear = format != WeightsFormat.F32;
            for (OperationBench.Figure figure : OperationBench.run(simd, format, tensorFlow, onlyLinear)) {
                rows.add(row(figure));
            }
        }
        return new BenchReport("operations", Map.of(), ceilings, rows);
    }

    private void print(BenchReport report) throws IOException {
        System.out.println(json ? report.toJson() : report.toTable());
    }

    private static Map<String, Object> row(OperationBench.Figure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("operation", figure.operation());
        row.put("shape", figure.shape());
        row.put("rows", figure.rows());
        row.put("weights", figure.weights().written());
        row.put("simd_ms", figure.simd() * 1e3);
        row.put("tensorflow_ms", figure.other() * 1e3);
        row.put("simd/tensorflow", figure.simd() / figure.other());
        return row;
    }
}
