package org.llavacluster.worker.config;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.node.config.DecoderProperties;
import org.llavacluster.node.config.ModelProperties;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.config.WorkerProperties;
import org.llavacluster.text.image.Preprocess;
import org.llavacluster.worker.wire.WireFormat;

/**
 * The values of {@link WorkerProperties}, {@link ModelProperties} and those of the decoder that its model needs.
 *
 * @param model folder of the checkpoint
 * @param visionTower folder of a separate CLIP
 * @param weights how the backend holds them
 * @param kv how K and V are stored; decoder only
 * @param preprocess how the model sees an image: the gateway counts image tokens with the same
 * @param threads that compute
 * @param wire how this node's tensors travel
 * @param kvTokens positions that the KV cache holds, all requests together; decoder only; absent: the decoder computes it
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

    public static WorkerConfiguration of(Settings settings) {
        WeightsFormat weights = settings.choice(WorkerProperties.WEIGHTS, WeightsFormat.class);
        return new WorkerConfiguration(
                settings.get(ModelProperties.MODEL),
                settings.find(ModelProperties.VISION_TOWER),
                settings.choice(WorkerProperties.ENGINE, EngineChoice.class),
                weights,
                settings.findChoice(DecoderProperties.KV, FloatFormat.class).orElse(FloatFormat.of(weights.kv())),
                settings.choice(ModelProperties.PREPROCESS, Preprocess.class),
                settings.find(WorkerProperties.THREADS).map(Math::toIntExact).orElseGet(() -> Runtime.getRuntime()
                        .availableProcessors()),
                settings.choice(WorkerProperties.WIRE, WireFormat.class),
                settings.find(DecoderProperties.KV_TOKENS).stream()
                        .mapToInt(Math::toIntExact)
                        .findFirst(),
                settings.find(WorkerProperties.PACKED_CACHE).orElseGet(WorkerConfiguration::userCache),
                settings.get(WorkerProperties.TENSOR_CACHE_BYTES));
    }

    /** Where programs of this user keep what they can make again. */
    private static Path userCache() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path caches = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return caches.resolve("llava-cluster");
    }
}
