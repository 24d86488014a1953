package org.llavacluster.gateway.config;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.llavacluster.gateway.fetch.ImageHosts;
import org.llavacluster.gateway.request.RequestLimits;
import org.llavacluster.modelio.image.ImageLimits;
import org.llavacluster.modelio.image.Preprocess;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.config.GatewayProperties;
import org.llavacluster.node.config.HeapShare;
import org.llavacluster.node.config.ModelProperties;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.ScalingProperties;
import org.llavacluster.node.config.Settings;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.worker.HealthRules;

/**
 * The values of {@link GatewayProperties}, {@link ModelProperties} and those of the HTTP port.
 *
 * @param model folder of the checkpoint, of which the gateway reads everything but the weights
 * @param visionTower folder of a separate CLIP
 * @param servedName of the model in both APIs; the folder's name by default
 * @param imageHosts from which images may be fetched by URL; none by default
 * @param preprocess as the vision nodes have it: image tokens are counted with it
 * @param template chat template by name; the model's own by default
 * @param maxRunning requests that run at the same time
 * @param maxWaiting requests that wait for vision nodes, and as many that wait for decoders
 * @param suspectAfter how long a worker may be silent before it loses its requests
 * @param resumeWait how long a request that lost a worker waits for another where none is left
 * @param imageStoreBytes that the images clients may refer to take
 * @param imageLifetime how long an image is kept that is not used
 * @param maxBodyBytes of one HTTP request
 * @param inflightBytes that bodies and uploads take together
 * @param maxPixelsPerAddress pixels of one address's images that are being encoded
 * @param http how the HTTP port treats clients; the limits on arriving bodies and on one peer hold for uploads over
 *     gRPC, too
 * @param tenantKey names tensors; random for each start unless given: gateways with the same key share what workers
 *     cached
 * @param tenantHeader of requests, that names their tenant; without it all requests have the same
 * @param maxParked requests that wait for a role without a worker
 */
public record GatewayConfiguration(
        Path model,
        Optional<Path> visionTower,
        Optional<String> servedName,
        ImageHosts imageHosts,
        Preprocess preprocess,
        Optional<String> template,
        RequestLimits limits,
        int maxRunning,
        int maxWaiting,
        Duration suspectAfter,
        Duration resumeWait,
        long imageStoreBytes,
        Duration imageLifetime,
        int maxBodyBytes,
        long inflightBytes,
        long maxPixelsPerAddress,
        HttpConfiguration http,
        ByteString tenantKey,
        Optional<String> tenantHeader,
        int maxParked) {

    /** As received, as text, and as the images in it. */
    private static final long COPIES_OF_BODY = 3;

    private static final int BODY_PART = 16;
    private static final int STORE_PART = 4;
    /** Silence is looked for by the watch of workers, which knows the standstills of its own process. */
    private static final Duration NEVER = Duration.ofDays(36_500);

    public static GatewayConfiguration of(Settings settings) {
        int maxBodyBytes = Math.toIntExact(settings.find(GatewayProperties.MAX_BODY_BYTES)
                .orElse(HeapShare.atMost(GatewayProperties.USUAL_BODY_BYTES, BODY_PART)));
        return new GatewayConfiguration(
                settings.get(ModelProperties.MODEL),
                settings.find(ModelProperties.VISION_TOWER),
                settings.find(GatewayProperties.SERVED_NAME),
                settings.find(GatewayProperties.IMAGE_HOSTS)
                        .map(list -> ImageHosts.parse(GatewayProperties.IMAGE_HOSTS.name(), list))
                        .orElse(ImageHosts.NONE),
                settings.choice(ModelProperties.PREPROCESS, Preprocess.class),
                settings.find(GatewayProperties.TEMPLATE),
                limits(settings),
                settings.integer(GatewayProperties.MAX_RUNNING),
                settings.integer(GatewayProperties.MAX_WAITING),
                settings.get(GatewayProperties.SUSPECT_AFTER),
                settings.get(GatewayProperties.RESUME_WAIT),
                settings.find(GatewayProperties.IMAGE_STORE_BYTES)
                        .orElse(HeapShare.atMost(GatewayProperties.USUAL_STORE_BYTES, STORE_PART)),
                settings.get(GatewayProperties.IMAGE_LIFETIME),
                maxBodyBytes,
                inflightBytes(settings, maxBodyBytes),
                settings.get(GatewayProperties.MAX_PIXELS_PER_ADDRESS),
                HttpConfiguration.of(settings),
                tenantKey(settings),
                settings.find(GatewayProperties.TENANT_HEADER),
                settings.integer(ScalingProperties.MAX_PARKED));
    }

    /** The bounds of the scheduler; those not set here are the same for every gateway. */
    public ClusterLimits schedulerLimits() {
        ClusterLimits usual = ClusterLimits.DEFAULT;
        HealthRules health = usual.health();
        return new ClusterLimits(
                maxWaiting,
                maxRunning,
                usual.maxBypass(),
                usual.decoderQueue(),
                usual.promptNanos(),
                usual.visionNanos(),
                usual.reservedTokens(),
                FixedLimits.ENCODES_OF_IMAGE.intValue(),
                FixedLimits.FAILURES_OF_REQUEST.intValue(),
                FixedLimits.LOSSES_OF_REQUEST.intValue() + 1,
                FixedLimits.DEATHS_OF_REQUEST.intValue(),
                usual.innocentNanos(),
                usual.settleNanos(),
                FixedLimits.RESUME_PERCENT.value() / 100.0,
                Math.max(usual.retryReserve(), maxRunning),
                Duration.ofSeconds(FixedLimits.QUARANTINE.value()).toNanos(),
                usual.rememberedFeatures(),
                usual.rememberedPrefixes(),
                usual.batches(),
                new HealthRules(
                        NEVER.toNanos(),
                        resumeWait.toNanos(),
                        health.firstPenaltyNanos(),
                        health.longestPenaltyNanos(),
                        health.forgetNanos(),
                        health.freeReturns(),
                        health.failureShare()));
    }

    private static long inflightBytes(Settings settings, long maxBodyBytes) {
        long least = COPIES_OF_BODY * maxBodyBytes;
        long given = settings.find(GatewayProperties.INFLIGHT_BYTES)
                .orElse(Math.max(
                        GatewayProperties.BODIES_IN_FLIGHT * maxBodyBytes,
                        Runtime.getRuntime().maxMemory() / 4));
        if (given < least) {
            throw new PropertyException(GatewayProperties.INFLIGHT_BYTES + " must be at least three times "
                    + GatewayProperties.MAX_BODY_BYTES + ", which is " + least + ", not '" + given + "'");
        }
        return given;
    }

    private static RequestLimits limits(Settings settings) {
        Duration maxDeadline = settings.get(GatewayProperties.MAX_DEADLINE);
        return new RequestLimits(
                settings.integer(GatewayProperties.MAX_IMAGES),
                new ImageLimits(
                        settings.get(GatewayProperties.MAX_IMAGE_BYTES),
                        settings.get(GatewayProperties.MAX_IMAGE_PIXELS),
                        FixedLimits.IMAGE_SIDE.intValue()),
                settings.integer(GatewayProperties.MAX_MESSAGES),
                settings.get(GatewayProperties.MAX_TEXT_BYTES),
                FixedLimits.STOP_STRINGS.intValue(),
                FixedLimits.STOP_CHARACTERS.intValue(),
                FixedLimits.TOP_LOGPROBS.intValue(),
                settings.integer(GatewayProperties.DEFAULT_MAX_TOKENS),
                defaultDeadline(settings, maxDeadline),
                maxDeadline);
    }

    private static Duration defaultDeadline(Settings settings, Duration maxDeadline) {
        Optional<Duration> given = settings.find(GatewayProperties.DEFAULT_DEADLINE);
        if (given.isPresent() && given.get().compareTo(maxDeadline) > 0) {
            throw new PropertyException(GatewayProperties.DEFAULT_DEADLINE + " must be at most "
                    + GatewayProperties.MAX_DEADLINE + ", which is " + maxDeadline.toSeconds() + " s, not '"
                    + given.get().toSeconds() + " s'");
        }
        Duration usual = given.orElse(GatewayProperties.DEFAULT_DEADLINE.constantDefault());
        return usual.compareTo(maxDeadline) < 0 ? usual : maxDeadline;
    }

    private static ByteString tenantKey(Settings settings) {
        return settings.find(GatewayProperties.TENANT_KEY)
                .map(digits -> ByteString.copyFrom(HexFormat.of().parseHex(digits)))
                .orElseGet(() -> {
                    byte[] drawn = new byte[32];
                    new SecureRandom().nextBytes(drawn);
                    return ByteString.copyFrom(drawn);
                });
    }
}
