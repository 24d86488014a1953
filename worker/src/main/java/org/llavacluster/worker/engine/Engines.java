package org.llavacluster.worker.engine;

import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.GpuDriver;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.SimdBackend;
import org.llavacluster.engine.tensorflow.TensorFlowBackend;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.worker.config.WorkerConfiguration;

/** Which backend a worker computes with. */
public final class Engines {

    private static final Logger LOG = Logger.getLogger(Engines.class);

    /** Which the JVM has only where it is told so: {@code --add-modules jdk.incubator.vector}. */
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private Engines() {}

    /**
     * Opens the backend that the configuration asks for. {@code auto} is TensorFlow where it sees a GPU, else SIMD; TensorFlow too where
     * the JVM was started without the Vector API.
     *
     * @throws PropertyException if there is no such backend or it does not hold weights in that format
     */
    public static Backend open(WorkerConfiguration configuration) {
        int cores = Runtime.getRuntime().availableProcessors();
        if (configuration.threads() > cores) {
            LOG.warnf("llava.threads is %d, this machine has %d cores", configuration.threads(), cores);
        }
        return switch (configuration.engine()) {
            case AUTO -> hasVectors() && !seesGpu() ? simd(configuration) : tensorFlow(configuration);
            case SIMD -> simd(configuration);
            case TENSORFLOW -> tensorFlow(configuration);
        };
    }

    private static Backend simd(WorkerConfiguration configuration) {
        if (!hasVectors()) {
            throw new PropertyException("llava.engine must be tensorflow on a JVM without --add-modules "
                    + VECTOR_MODULE + ", not '" + written(configuration.engine()) + "'");
        }
        return new SimdBackend(
                configuration.weights(), configuration.threads(), Optional.of(configuration.packedCache()));
    }

    private static Backend tensorFlow(WorkerConfiguration configuration) {
        if (configuration.weights() != WeightsFormat.F32) {
            // Its CPU kernels for bf16 reach 0.6 GB/s, a thirtieth of float32's; it has none for q8_0 and q4_0.
            throw new PropertyException("llava.weights must be f32 with the tensorflow engine, not '"
                    + written(configuration.weights()) + "'");
        }
        return new TensorFlowBackend(configuration.threads());
    }

    private static boolean hasVectors() {
        return ModuleLayer.boot().findModule(VECTOR_MODULE).isPresent();
    }

    /** Asks TensorFlow only where there is a driver: loading its natives takes a second and 200 MB. */
    private static boolean seesGpu() {
        return GpuDriver.isPresent() && TensorFlowBackend.seesGpu();
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
