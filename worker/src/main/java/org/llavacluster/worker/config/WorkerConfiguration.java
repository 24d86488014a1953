package org.llavacluster.worker.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;
import org.llavacluster.text.image.Preprocess;
import org.llavacluster.worker.wire.WireFormat;

/**
 * What the three workers are told, besides what makes a process a node.
 *
 * @param model folder of the checkpoint
 * @param visionTower folder of a separate CLIP
 * @param weights how the backend holds them
 * @param kv how K and V are stored; decoder only
 * @param preprocess as whom the model sees a picture: the gateway counts image tokens with the same
 * @param threads that compute
 * @param wire how this node's tensors travel
 * @param kvTokens positions that the KV cache holds, all requests together; decoder only; absent: as the decoder sees fit
 * @param packedCache folder in which the SIMD engine keeps packed weights of large models, so that the next start takes seconds;
 *     fingerprints of their checkpoints are kept there too
 * @param tensorCacheBytes that features or embeddings may take
 */
public record WorkerConfiguration(
        Path model,
        Optional<Path> visionTower,
        EngineChoice engine,
        WeightsFormat weights,
        FloatFormat kv,
        Preprocess preprocess,
        int threads,
        WireFormat wire,
        OptionalInt kvTokens,
        Path packedCache,
        long tensorCacheBytes) {

    private static final int MOST_THREADS = 1024;
    private static final int MOST_KV_TOKENS = 1 << 28;
    private static final long DEFAULT_CACHE_BYTES = 256L << 20;
    /** Less than one LLaVA-1.6 image in float32 would make every pull miss. */
    private static final long LEAST_CACHE_BYTES = 1L << 20;

    private static final long MOST_CACHE_BYTES = 1L << 40;

    public static WorkerConfiguration of(Settings settings) {
        WeightsFormat weights = settings.choice("llava.weights", WeightsFormat.F32);
        return new WorkerConfiguration(
                settings.path("llava.model")
                        .orElseThrow(
                                () -> new PropertyException("llava.model must name the folder of a model, not ''")),
                settings.path("llava.vision-tower"),
                settings.choice("llava.engine", EngineChoice.AUTO),
                weights,
                settings.choice("llava.kv", FloatFormat.of(weights.kv())),
                settings.choice("llava.preprocess", Preprocess.NATURAL),
                settings.integer("llava.threads", Runtime.getRuntime().availableProcessors(), 1, MOST_THREADS),
                settings.choice("llava.wire", WireFormat.F32),
                kvTokens(settings),
                settings.path("llava.packed-cache").orElseGet(WorkerConfiguration::userCache),
                settings.whole("llava.tensor-cache-bytes", LEAST_CACHE_BYTES, MOST_CACHE_BYTES)
                        .orElse(DEFAULT_CACHE_BYTES));
    }

    /** Where programs of this user keep what they can make again. */
    private static Path userCache() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path caches = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return caches.resolve("llava-cluster");
    }

    private static OptionalInt kvTokens(Settings settings) {
        return settings.whole("llava.kv-tokens", 1, MOST_KV_TOKENS).stream()
                .mapToInt(Math::toIntExact)
                .findFirst();
    }
}
