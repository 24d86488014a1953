package org.llavacluster.engine.tensorflow;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.bytedeco.javacpp.Loader;
import org.tensorflow.internal.c_api.global.tensorflow;

/**
 * Loads TensorFlow's native libraries, once per process and before any other class of TensorFlow is touched: they read their
 * settings from the environment while they load.
 *
 * <p>JavaCPP unpacks about 0.7 GB into {@code ~/.javacpp/cache} on the first use on a machine; the system property {@code
 * org.bytedeco.javacpp.cachedir} names another folder, which an image can fill while it is built.
 */
public final class Natives {

    private static final String ONE_DNN = "TF_ENABLE_ONEDNN_OPTS";

    static {
        // JavaCPP would read /proc on every allocation and refuse to work once the process holds four times the Java
        // heap;
        // here most memory is outside the heap on purpose.
        unlessSet("org.bytedeco.javacpp.maxPhysicalBytes", "0");
        unlessSet("org.bytedeco.javacpp.maxBytes", "0");
        unlessSetInEnvironment("TF_CPP_MIN_LOG_LEVEL", "2");
        // On by default on some CPUs only: results and speed should not depend on which.
        unlessSetInEnvironment(ONE_DNN, "1");
        // A GPU would round the factors of products to 10 bits: too few for parity with float32.
        unlessSetInEnvironment("NVIDIA_TF32_OVERRIDE", "0");
        Loader.load(tensorflow.class);
    }

    private Natives() {}

    /** Returns when the libraries are loaded. */
    public static void load() {
        // The work is done by the static initialiser.
    }

    /** Whether products run through oneDNN's kernels, which round differently. */
    static boolean usesOneDnn() {
        return !"0".equals(System.getenv().getOrDefault(ONE_DNN, "1"));
    }

    private static void unlessSet(String property, String value) {
        if (System.getProperty(property) == null) {
            System.setProperty(property, value);
        }
    }

    /** Changes what native code sees; {@link System#getenv} keeps answering what the process was started with. */
    private static void unlessSetInEnvironment(String name, String value) {
        try (Arena arena = Arena.ofConfined()) {
            Linker linker = Linker.nativeLinker();
            MethodHandle setenv = linker.downcallHandle(
                    linker.defaultLookup().findOrThrow("setenv"),
                    FunctionDescriptor.of(
                            ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
            int ignored = (int) setenv.invokeExact(arena.allocateFrom(name), arena.allocateFrom(value), 0);
        } catch (Throwable e) {
            throw new IllegalStateException("cannot set " + name, e);
        }
    }
}
