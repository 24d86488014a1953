package org.llavacluster.engine.tensorflow;

import java.util.List;
import java.util.Optional;
import org.llavacluster.engine.Backend;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Program;

/** Runs programs as one TensorFlow graph, on a GPU where the natives see one. */
public final class TensorFlowBackend implements Backend {

    private final int threads;

    /**
     * @param threads that one operation may use on the CPU; the first model loaded in a process decides it for all
     */
    public TensorFlowBackend(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        this.threads = threads;
    }

    /** Whether TensorFlow's natives are the GPU ones and see a usable GPU. Loads the natives. */
    public static boolean seesGpu() {
        throw new UnsupportedOperationException("being written");
    }

    @Override
    public String name() {
        return "tensorflow";
    }

    @Override
    public String kernelVersion() {
        throw new UnsupportedOperationException("being written");
    }

    @Override
    public HostTensor allocate(DType dtype, long... shape) {
        throw new UnsupportedOperationException("being written");
    }

    @Override
    public LoadedModel load(List<Program> programs, Weights weights, Optional<KvLayout> kv) {
        throw new UnsupportedOperationException("being written with " + threads + " threads");
    }

    @Override
    public void close() {}
}
