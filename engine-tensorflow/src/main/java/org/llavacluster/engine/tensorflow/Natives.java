package org.llavacluster.engine.tensorflow;

import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * Loads TensorFlow's native libraries, once per process and before any other class of TensorFlow is touched: they read
 * their settings from the environment while they load.
 *
 * <p>JavaCPP unpacks about 0.7 GB into {@code ~/.javacpp/cache} on the first use on a machine; the system property
 * {@code org.bytedeco.javacpp.cachedir} names another folder, which an image can fill while it is built.
 */
public final class Natives {

    /**
     * The system property that turns oneDNN's kernels on for this process. They compute the gradients of products
     * faster, and round differently.
     */
    public static final String ONE_DNN = "llava.tensorflow.onednn";

    private static final boolean USES_ONE_DNN = Boolean.getBoolean(ONE_DNN);

    static {
        // JavaCPP would read /proc on every allocation and refuse to work once the process holds four times the Java
        // heap; here most memory is outside the heap on purpose.
        unlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        unlessSet("org.bytedeco.javacpp.maxBytes", "0");
        LibC.setenv("TF_CPP_MIN_LOG_LEVEL", "2");
        // On by default on some CPUs only: what a node computes should not depend on which. Serving leaves it off,
        // because programs written for TensorFlow's own kernels gain nothing by it: it takes 20 % more per small step
        // and keeps freed memory.
        LibC.setenv("TF_ENABLE_ONEDNN_OPTS", USES_ONE_DNN ? "1" : "0");
        LibC.setenv("TF_ONEDNN_USE_SYSTEM_ALLOCATOR", "1");
        // A GPU would round the factors of products to 10 bits: too few for parity with float32.
        LibC.setenv("NVIDIA_TF32_OVERRIDE", "0");
        // Each session gets threads of its own: otherwise the first one in a process decides their number for all.
        LibC.setenv("TF_OVERRIDE_GLOBAL_THREADPOOL", "1");
        Loader.load(tensorflow.class);
        StartUp.runFirstGraphQuietly();
    }

    private Natives() {}

    /** Returns when the libraries are loaded. */
    public static void load() {
        // The work is done by the static initialiser.
    }

    /** Whether products run through oneDNN's kernels, which round differently. */
    static boolean usesOneDnn() {
        return USES_ONE_DNN;
    }

    private static void unlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }
}
