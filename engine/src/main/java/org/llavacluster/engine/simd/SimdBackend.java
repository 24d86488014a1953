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
 * Runs programs on the vector units of the CPU, in Java alone. The bits of a row's results do not depend on the rows beside it, the
 * number of threads, the width of the vectors, or how a sequence was cut into steps.
 */
public final class SimdBackend implements Backend {

    /** Changes with any bit of any result. */
    private static final int KERNELS = 3;

    private final WeightsFormat format;
    private final Optional<Path> cache;
    private final WorkerPool pool;

    /**
     * @param format of the matrices that linear layers multiply with
     * @param threads that compute, the one that calls {@code run} included
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

    /** A tensor of the heap: runs copy their inputs into buffers of their own. */
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
