package org.llavacluster.worker.model;

import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavacluster.engine.WeightsFormat;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.config.DecoderProperties;
import org.llavacluster.node.config.HeapShare;
import org.llavacluster.node.config.ModelProperties;
import org.llavacluster.node.config.Settings;
import org.llavacluster.node.config.WorkerProperties;

/**
 * The values of {@link WorkerProperties} and {@link ModelProperties}, and the decoder's properties that its model
 * needs.
 *
 * @param model folder of the checkpoint
 * @param visionTower folder of a separate CLIP checkpoint
 * @param weights how the backend holds weights
 * @param kv how K and V are stored; decoder only
 * @param preprocess how an image becomes pixels; must equal the gateway's, which counts image tokens
 * @param threads number of computing threads
 * @param wire type in which this node's tensors travel
 * @param kvTokens positions in the KV cache for all requests together; decoder only; if absent the decoder computes it
 * @param fingerprint what the revision of this worker's part of the checkpoint must be
 * @param packedCache folder in which the SIMD engine keeps packed weights of large models, and the fingerprints of
 *     their checkpoints, so that the next start takes seconds
 * @param tensorCacheBytes most bytes of cached features or embeddings
 */
public record WorkerConfiguration(
        Path model,
        Optional<Path> visionTower,
        EngineChoice engine,
        WeightsFormat weights,
        KvFormat kv,
        Preprocess preprocess,
        int threads,
        WireFormat wire,
        OptionalInt kvTokens,
        Optional<String> fingerprint,
        Path packedCache,
        long tensorCacheBytes) {

    private static final int CACHE_PART = 4;

    public static WorkerConfiguration of(Settings settings) {
        WeightsFormat weights = settings.choice(WorkerProperties.WEIGHTS, WeightsFormat.class);
        return new WorkerConfiguration(
                settings.get(ModelProperties.MODEL),
                settings.find(ModelProperties.VISION_TOWER),
                settings.choice(WorkerProperties.ENGINE, EngineChoice.class),
                weights,
                settings.findChoice(DecoderProperties.KV, KvFormat.class).orElse(KvFormat.of(weights.kv())),
                settings.choice(ModelProperties.PREPROCESS, Preprocess.class),
                settings.find(WorkerProperties.THREADS).map(Math::toIntExact).orElseGet(() -> Runtime.getRuntime()
                        .availableProcessors()),
                settings.choice(WorkerProperties.WIRE, WireFormat.class),
                settings.find(DecoderProperties.KV_TOKENS).stream()
                        .mapToInt(Math::toIntExact)
                        .findFirst(),
                settings.find(WorkerProperties.MODEL_FINGERPRINT),
                settings.find(WorkerProperties.PACKED_CACHE).orElseGet(WorkerConfiguration::userCache),
                settings.find(WorkerProperties.TENSOR_CACHE_BYTES)
                        .orElse(HeapShare.atMost(WorkerProperties.USUAL_CACHE_BYTES, CACHE_PART)));
    }

    /** The user's cache folder, by the XDG base directory specification. */
    private static Path userCache() {
        String configured = System.getenv("XDG_CACHE_HOME");
        Path caches = configured == null || configured.isBlank()
                ? Path.of(System.getProperty("user.home"), ".cache")
                : Path.of(configured);
        return caches.resolve("llava-cluster");
    }
}
