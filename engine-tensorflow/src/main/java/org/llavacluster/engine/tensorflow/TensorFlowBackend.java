package org.llavacluster.engine.tensorflow;

import java.util.List;
import java.util.Optional;
import org.llavacluster.engine.DType;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.engine.KvLayout;
import org.llavacluster.engine.LoadedModel;
import org.llavacluster.engine.Weights;
import org.llavacluster.engine.program.Program;
import org.llavacluster.engine.training.LearningModel;
import org.llavacluster.engine.training.LearningPlan;
import org.llavacluster.engine.training.TrainingBackend;
import org.tensorflow.TensorFlow;
import org.tensorflow.proto.ConfigProto;
import org.tensorflow.proto.GPUOptions;

/** Runs programs as one TensorFlow graph, on a GPU where the natives see one. */
public final class TensorFlowBackend implements TrainingBackend {

    /** Counts changes of the operations that a program is written as. */
    private static final int PLAN = 1;

    /** Host memory that loading onto a GPU may take beyond the weights. */
    private static final long GPU_LOAD_BYTES = 256L << 20;

    static {
        Natives.load();
    }

    private final ConfigProto settings;

    /**
     * @param threads that one operation may use on the CPU; each loaded model has as many of its own
     */
    public TensorFlowBackend(int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("threads must be at least 1, not " + threads);
        }
        settings = settings(threads);
    }

    private static ConfigProto settings(int threads) {
        return ConfigProto.newBuilder()
                .setIntraOpParallelismThreads(threads)
                // Operations run one after the other on the thread that calls run(): no hand-over per operation.
                .setInterOpParallelismThreads(-1)
                .setAllowSoftPlacement(true)
                .setGpuOptions(GPUOptions.newBuilder().setAllowGrowth(true))
                .build();
    }

    /** Whether TensorFlow's natives are the GPU ones and see a usable GPU. */
    public static boolean seesGpu() {
        return GpuHolder.SEEN;
    }

    private static final class GpuHolder {
        static final boolean SEEN = Devices.kinds(settings(1)).contains("GPU");
    }

    @Override
    public String name() {
        return "tensorflow";
    }

    @Override
    public String kernelVersion() {
        return "tensorflow-" + TensorFlow.version() + (seesGpu() ? "-gpu" : "-cpu")
                + (Natives.usesOneDnn() ? "-onednn" : "") + "-plan" + PLAN;
    }

    @Override
    public boolean usesHostMemory() {
        return !seesGpu();
    }

    @Override
    public HostTensor allocate(DType dtype, long... shape) {
        return NativeTensor.allocate(dtype, shape);
    }

    @Override
    public LoadedModel load(List<Program> programs, Weights weights, Optional<KvLayout> kv) {
        LoadedModel model =
                new TensorFlowModel(programs, weights, kv, settings, seesGpu() ? GPU_LOAD_BYTES : Long.MAX_VALUE);
        StartUp.releasePages();
        return model;
    }

    @Override
    public LearningModel learn(LearningPlan plan, Weights weights) {
        return new TensorFlowLearner(plan, weights, settings, seesGpu() ? GPU_LOAD_BYTES : Long.MAX_VALUE);
    }

    @Override
    public void close() {}
}
