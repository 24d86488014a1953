package org.llavacluster.cli.options;

import org.llavacluster.cli.CliException;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.SimdBackend;
import picocli.CommandLine.Option;

/** What a benchmark runs on. The SIMD engine alone: the command's class path has no TensorFlow. */
public final class EngineOptions {

    @Option(names = "--engine", description = "simd, the only one that is measured here.")
    private String engine = "simd";

    @Option(names = "--weights", description = "${COMPLETION-CANDIDATES}; default ${DEFAULT-VALUE}.")
    private WeightsFormat weights = WeightsFormat.Q8_0;

    @Option(names = "--threads", paramLabel = "N", description = "Threads; default: all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print one JSON object.")
    private boolean json;

    public Backend backend() {
        if (!engine.equals("simd")) {
            throw new CliException("--engine must be simd here, not " + engine);
        }
        return new SimdBackend(weights, threads());
    }

    public WeightsFormat weights() {
        return weights;
    }

    public int threads() {
        if (threads < 1 || threads > 1024) {
            throw new CliException("--threads must be between 1 and 1024, not " + threads);
        }
        return threads;
    }

    public boolean json() {
        return json;
    }
}
