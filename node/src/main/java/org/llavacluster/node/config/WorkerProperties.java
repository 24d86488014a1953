package org.llavacluster.node.config;

import java.nio.file.Path;
import java.util.regex.Pattern;

/** Properties that vision, projector and decoder processes read. */
public final class WorkerProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Workers: vision, projector and decoder");

    public static final Property<String> ENGINE = GROUP.choice("llava.engine", "auto", "simd", "tensorflow")
            .otherwise("auto")
            .meaning("What computes: `auto` is TensorFlow where it sees a GPU, else SIMD.");

    public static final Property<String> WEIGHTS = GROUP.choice("llava.weights", "f32", "bf16", "q8_0", "q4_0")
            .otherwise("f32")
            .meaning("How the matrices of the model are held in memory; the TensorFlow engine supports only `f32`.");

    public static final Property<Long> THREADS = GROUP.wholeNumber("llava.threads", 1, 1024)
            .otherwiseComputed("the number of cores")
            .meaning("Threads that compute.");

    public static final Property<String> WIRE = GROUP.choice("llava.wire", "f32", "f16")
            .otherwise("f32")
            .meaning("How features and embeddings travel between processes and are cached. "
                    + "The engines always compute in float32.");

    public static final Property<Path> PACKED_CACHE = GROUP.path("llava.packed-cache", "a folder")
            .otherwiseComputed("`$XDG_CACHE_HOME/llava-cluster`, or `~/.cache/llava-cluster`")
            .meaning("Folder in which the SIMD engine keeps packed weights of large models and the fingerprints of "
                    + "their checkpoints, so that the next start takes seconds.");

    public static final Property<String> MODEL_FINGERPRINT = GROUP.text(
                    "llava.model-fingerprint",
                    Pattern.compile("[0-9a-f]{64}"),
                    "be 64 hexadecimal digits in lower case",
                    "64 hexadecimal digits")
            .meaning("What the weights of this worker's part of the model must be, as `./llava inspect "
                    + "--fingerprints` prints it. A worker that finds others does not start.");

    /** On a heap that holds it. */
    public static final long USUAL_CACHE_BYTES = 256L << 20;

    public static final Property<Long> TENSOR_CACHE_BYTES = GROUP.bytes("llava.tensor-cache-bytes", 1L << 20, 1L << 40)
            .otherwiseComputed("256 MiB, at most a quarter of the heap")
            .limit(
                    "Features and embeddings of images stay in memory for requests that show the image again; "
                            + "less than 1 MiB does not hold one image of LLaVA-1.5 in float32.",
                    "Only a delay: the least recently used tensor is dropped, and computed again when a request "
                            + "needs it.")
            .meaning("Memory for the features (vision) or embeddings (projector) that are kept.");

    private WorkerProperties() {}
}
