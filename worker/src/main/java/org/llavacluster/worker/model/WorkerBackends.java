package org.llavacluster.worker.model;

import java.util.Locale;
import java.util.Optional;
import org.jboss.logging.Logger;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.GpuDriver;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.simd.SimdBackend;
import org.llavacluster.engine.tensorflow.TensorFlowBackend;
import org.llavacluster.node.config.PropertyException;

/** Opens the backend that a worker computes with. */
public final class WorkerBackends {

    private static final Logger LOG = Logger.getLogger(WorkerBackends.class);

    /** The JVM has this module only if started with {@code --add-modules jdk.incubator.vector}. */
    private static final String VECTOR_MODULE = "jdk.incubator.vector";

    private WorkerBackends() {}

    /**
     * Opens the configured backend. {@code auto} is TensorFlow if it sees a GPU, otherwise SIMD; it is TensorFlow too
     * if the JVM was started without the Vector API.
     *
     * @throws PropertyException if the backend is not available or does not support that weight format
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

    /** Asks TensorFlow only if there is a driver, because loading its natives takes a second and 200 MB. */
    private static boolean seesGpu() {
        return GpuDriver.isPresent() && TensorFlowBackend.seesGpu();
    }

    private static String written(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
