package org.llavacluster.cli.command;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.BenchReport;
import org.llavacluster.cli.options.EngineOptions;
import org.llavacluster.cli.options.KvType;
import org.llavacluster.cli.options.OptionRange;
import org.llavacluster.cli.terminal.Progress;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.bench.Ceilings;
import org.llavacluster.model.bench.DecodeBench;
import org.llavacluster.model.bench.DecoderShape;
import org.llavacluster.model.memory.MachineMemory;
import org.llavacluster.model.memory.MemoryDemand;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prefill and decode of a decoder of a well-known size with random weights. */
@Command(
        name = "decode",
        description = "Prefill and decode of a decoder with random weights, as fractions of this machine's ceilings.",
        mixinStandardHelpOptions = true,
        sortOptions = false)
public final class BenchDecodeCommand implements Callable<Integer> {

    private static final int PROMPT = 576;
    private static final int MAX_BATCH = 64;

    @Option(
            names = "--shape",
            paramLabel = "NAME",
            description = "tinyllama-1.1b or llama-7b; default ${DEFAULT-VALUE}.")
    private String shape = DecoderShape.TINYLLAMA_1_1B.written();

    @Option(names = "--batch", paramLabel = "N", description = "Sequences decoded together; default ${DEFAULT-VALUE}.")
    private int batch = 8;

    @Option(
            names = "--kv",
            description = "${COMPLETION-CANDIDATES}; default: F32 beside weights of F32, else F16, as in workers.")
    private KvType kv;

    @Mixin
    private EngineOptions engine;

    @Override
    public Integer call() throws JsonProcessingException {
        DecoderShape decoder = shape();
        OptionRange.requireBetween("--batch", batch, 1, MAX_BATCH);
        DType stored = storedKv();
        int context = PROMPT + 2 * DecodeBench.decodePositions();
        requireMemory(DecodeBench.demand(decoder, stored, batch, context));
        OptionalInt elsewhere = engine.elsewhere();
        if (elsewhere.isPresent()) {
            return elsewhere.getAsInt();
        }
        Progress progress = Progress.toStderr();
        CoreWarning.warn(OptionalInt.of(engine.threads()), progress);
        Ceilings ceilings = Ceilings.measure(engine.threads());
        progress.done("ceilings measured");
        List<Map<String, Object>> rows = new ArrayList<>();
        try (Backend backend = engine.backend();
                DecodeBench bench =
                        new DecodeBench(backend, decoder, engine.weights(), stored, batch, context, ceilings)) {
            progress.done("weights generated and packed");
            rows.add(row(bench.prefill(PROMPT)));
            progress.done("prefill measured");
            rows.add(row(bench.decode(1, PROMPT)));
            if (batch > 1) {
                rows.add(row(bench.decode(batch, PROMPT)));
            }
            progress.done("decode measured");
        }
        BenchReport report = new BenchReport("decode", settings(), ceilings, rows);
        System.out.println(engine.json() ? report.toJson() : report.toTable());
        return 0;
    }

    Map<String, Object> settings() {
        return engine.settings(
                Map.of("shape", shape, "batch", batch, "kv", storedKv().name().toLowerCase(Locale.ROOT)));
    }

    private DType storedKv() {
        return kv == null ? engine.weights().kv() : kv.dtype();
    }

    /** It may still fit the memory of a GPU. */
    private void requireMemory(MemoryDemand demand) {
        if (!engine.mayUseGpu()) {
            demand.refusal(
                            "the benchmark needs",
                            engine.weights(),
                            MachineMemory.bytes(),
                            format -> engine.choice(format))
                    .ifPresent(reason -> {
                        throw new CliException(reason);
                    });
        }
    }

    private DecoderShape shape() {
        return Arrays.stream(DecoderShape.values())
                .filter(known -> known.written().equals(shape))
                .findFirst()
                .orElseThrow(() -> new CliException("--shape must be one of "
                        + Arrays.stream(DecoderShape.values())
                                .map(DecoderShape::written)
                                .collect(Collectors.joining(", "))
                        + ", not " + shape));
    }

    private static Map<String, Object> row(DecodeBench.Figure figure) {
        Map<String, Object> row = new LinkedHashMap<>();
        row.put("what", figure.what());
        row.put("sequences", figure.sequences());
        row.put("context", figure.context());
        row.put("ms", figure.seconds() * 1e3);
        row.put("tokens_per_s", figure.tokensPerSecond());
        row.put("of_flops", figure.ofFlops());
        row.put("of_bandwidth", figure.ofBytes());
        return row;
    }
}
