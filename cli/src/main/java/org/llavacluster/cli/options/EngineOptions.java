package org.llavacluster.cli.options;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.ServiceLoader;
import org.llavacluster.cli.CliException;
import org.llavacluster.cli.bench.TensorFlowProcess;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.BackendProvider;
import org.llavacluster.engine.GpuDriver;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.SimdBackend;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The engine of a benchmark. */
public final class EngineOptions {

    /** The backend that computes. */
    public enum Engine {
        SIMD,
        TENSORFLOW
    }

    @Option(names = "--engine", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private Engine engine = Engine.SIMD;

    @Option(names = "--weights", description = "${COMPLETION-CANDIDATES}; default Q8_0; TENSORFLOW has F32 only.")
    private WeightsFormat weights;

    @Option(names = "--threads", paramLabel = "N", description = "Threads; default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * If this process does not have the engine, runs the whole command in one that has it and returns its exit code.
     */
    public OptionalInt elsewhere() {
        checkWeights();
        if (engine == Engine.SIMD || TensorFlowProcess.isThis()) {
            return OptionalInt.empty();
        }
        List<String> arguments = command.root().commandLine().getParseResult().originalArgs();
        return OptionalInt.of(TensorFlowProcess.run(arguments));
    }

    public Backend backend() {
        return switch (engine) {
            case SIMD -> new SimdBackend(weights(), threads());
            case TENSORFLOW -> tensorFlow(threads());
        };
    }

    /** The backend, which is only on the class path of {@link TensorFlowProcess}. */
    public static Backend tensorFlow(int threads) {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.name().equals("tensorflow"))
                .findFirst()
                .orElseThrow(() -> new CliException("there is no tensorflow engine on the class path"))
                .open(threads);
    }

    /** The settings for a report: these choices and others. */
    public Map<String, Object> settings(Map<String, Object> others) {
        Map<String, Object> settings = new LinkedHashMap<>(others);
        settings.put("engine", engine.name().toLowerCase(Locale.ROOT));
        settings.put("weights", weights().written());
        return settings;
    }

    public WeightsFormat weights() {
        if (weights != null) {
            return weights;
        }
        return engine == Engine.SIMD ? WeightsFormat.Q8_0 : WeightsFormat.F32;
    }

    /** Whether TensorFlow may find a GPU. */
    public boolean mayUseGpu() {
        return engine == Engine.TENSORFLOW && GpuDriver.isPresent();
    }

    /** How the user chooses another format. */
    public String choice(WeightsFormat format) {
        String choice = "--weights " + format.written();
        return engine == Engine.TENSORFLOW ? "--engine simd " + choice : choice;
    }

    public int threads() {
        return ThreadCount.checked(threads);
    }

    public boolean json() {
        return json;
    }

    private void checkWeights() {
        if (engine == Engine.TENSORFLOW && weights() != WeightsFormat.F32) {
            throw new CliException("--weights must be f32 with --engine tensorflow, not "
                    + weights().written());
        }
    }
}
