package org.llavacluster.worker.engine;

import java.util.Locale;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.tensorflow.TensorFlowBackend;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.worker.config.EngineChoice;
import org.llavacluster.worker.config.WorkerConfiguration;

/** Which backend a worker computes with. */
public final class Engines {

    private Engines() {}

    /**
     * Opens the backend that the configuration asks for. The SIMD backend has its place here: until there is one, {@code auto} is
     * TensorFlow on any machine.
     *
     * @throws PropertyException if there is no such backend or it does not hold weights in that format
     */
    public static Backend open(WorkerConfiguration configuration) {
        return switch (configuration.engine()) {
            case AUTO, TENSORFLOW -> tensorFlow(configuration);
            case SIMD ->
                throw new PropertyException("llava.engine must be auto or tensorflow, not '"
                        + written(EngineChoice.SIMD) + "': this build has no SIMD backend");
        };
    }

    private static Backend tensorFlow(WorkerConfiguration configuration) {
        if (configuration.weights() != WeightsFormat.F32) {
            // Its CPU kernels for bf16 reach 0.6 GB/s, a thirtieth of float32's; it has none for q8_0 and q4_0.
            throw new PropertyException("llava.weights must be f32 with the tensorflow engine, not '"
                    + written(configuration.weights()) + "'");
        }
        return new TensorFlowBackend(configuration.threads());
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
