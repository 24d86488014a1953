package org.llavacluster.engine.simd;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.simd.threads.WorkerPool;

/**
 * Runs programs on the CPU's vector units through the Java Vector API. The bits of a row's results do not depend on
 * other rows of the batch, the number of threads, the vector width, or how a sequence was cut into steps.
 */
public final class SimdBackend implements Backend {

    /** Changes whenever any bit of any result changes. */
    private static final int KERNELS = 3;

    private final WeightsFormat format;
    private final Optional<Path> cache;
    private final WorkerPool pool;

    /**
     * @param format format of the matrices of linear layers
     * @param threads threads that compute, including the one that calls {@code run}
     */
    public SimdBackend(WeightsFormat format, int threads) {
        this(format, threads, Optional.empty());
    }

    /**
     * @param cache folder in which packed matrices of large models are kept for the next start
     */
    public SimdBackend(WeightsFormat format, int threads, Optional<Path> cache) {
        this.format = format;
        this.cache = cache;
        this.pool = new WorkerPool(threads);
    }

    @Override
    public String name() {
        return "simd";
    }

    @Override
    public String kernelVersion() {
        return "simd-" + KERNELS;
    }

    /** A heap tensor: runs copy their inputs into buffers of their own. */
    @Override
    public HostTensor allocate(DType dtype, long... shape) {
        return HostTensor.heap(dtype, shape);
    }

    @Override
    public LoadedModel load(List<Program> programs, Weights weights, Optional<KvLayout> kv) {
        return new SimdModel(programs, weights, kv, format, cache, pool);
    }

    @Override
    public void close() {
        pool.close();
    }
}
