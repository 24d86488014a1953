package org.llavacluster.gateway.config;

import com.google.protobuf.ByteString;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.llavacluster.gateway.request.RequestLimits;
import org.llavacluster.node.config.PropertyException;
import org.llavacluster.node.config.Settings;
import org.llavacluster.text.image.ImageLimits;
import org.llavacluster.text.image.Preprocess;

/**
 * What the gateway is told, besides what makes a process a node.
 *
 * @param model folder of the checkpoint, of which the gateway reads everything but the weights
 * @param visionTower folder of a separate CLIP
 * @param servedName of the model in both APIs; the folder's name by default
 * @param preprocess as the vision nodes have it: image tokens are counted with it
 * @param template chat template by name; the model's own by default
 * @param maxRunning requests that run at the same time
 * @param maxWaiting requests that wait for their turn
 * @param imageStoreBytes that the images clients may refer to take
 * @param imageLifetime how long an image is kept that is not used
 * @param maxBodyBytes of one HTTP request
 * @param inflightBytes that bodies and uploads take together
 * @param http how the HTTP port treats clients; the limits on arriving bodies and on one peer hold for uploads over gRPC, too
 * @param tenantKey names tensors; random for each start unless given: gateways with the same key share what workers cached
 */
public record GatewayConfiguration(
        Path model,
        Optional<Path> visionTower,
        Optional<String> servedName,
        Preprocess preprocess,
        Optional<String> template,
        RequestLimits limits,
        int maxRunning,
        int maxWaiting,
        long imageStoreBytes,
        Duration imageLifetime,
        int maxBodyBytes,
        long inflightBytes,
        HttpConfiguration http,
        ByteString tenantKey) {

    private static final int DEFAULT_RUNNING = 64;
    private static final int DEFAULT_WAITING = 256;
    private static final long DEFAULT_STORE_BYTES = 256L << 20;
    private static final Duration DEFAULT_LIFETIME = Duration.ofMinutes(30);

    /** Two images of the largest size in base64, or a dozen of the usual one. */
    private static final int DEFAULT_BODY_BYTES = 64 << 20;

    private static final Pattern KEY = Pattern.compile("([0-9a-f]{2}){16,64}");

    public static GatewayConfiguration of(Settings settings) {
        int maxBodyBytes = settings.integer("llava.gateway.max-body-bytes", DEFAULT_BODY_BYTES, 1 << 10, 1 << 30);
        return new GatewayConfiguration(
                settings.path("llava.model")
                        .orElseThrow(
                                () -> new PropertyException("llava.model must name the folder of a model, not ''")),
                settings.path("llava.vision-tower"),
                settings.text("llava.gateway.served-name"),
                settings.choice("llava.preprocess", Preprocess.NATURAL),
                settings.text("llava.gateway.template"),
                limits(settings),
                settings.integer("llava.gateway.max-running", DEFAULT_RUNNING, 1, 1 << 16),
                settings.integer("llava.gateway.max-waiting", DEFAULT_WAITING, 0, 1 << 20),
                settings.whole("llava.gateway.image-store-bytes", 1, 1L << 40).orElse(DEFAULT_STORE_BYTES),
                settings.duration(
                        "llava.gateway.image-lifetime", DEFAULT_LIFETIME, Duration.ofSeconds(1), Duration.ofDays(7)),
                maxBodyBytes,
                // A body is in memory three times: as it came, as text, and as the images in it.
                settings.whole("llava.gateway.inflight-bytes", 3L * maxBodyBytes, 1L << 40)
                        .orElse(Math.max(6L * maxBodyBytes, Runtime.getRuntime().maxMemory() / 4)),
                HttpConfiguration.of(settings),
                tenantKey(settings));
    }

    private static RequestLimits limits(Settings settings) {
        RequestLimits defaults = RequestLimits.DEFAULTS;
        Duration longest = Duration.ofDays(1);
        Duration maxDeadline =
                settings.duration("llava.gateway.max-deadline", defaults.maxDeadline(), Duration.ofSeconds(1), longest);
        Duration usual = defaults.defaultDeadline();
        ImageLimits image = defaults.image();
        return new RequestLimits(
                settings.integer("llava.gateway.max-images", defaults.maxImages(), 0, 1 << 10),
                new ImageLimits(
                        settings.whole("llava.gateway.max-image-bytes", 1, 1 << 30)
                                .orElse(image.maxBytes()),
                        settings.whole("llava.gateway.max-image-pixels", 1, 1L << 31)
                                .orElse(image.maxPixels()),
                        image.maxSide()),
                settings.integer("llava.gateway.max-messages", defaults.maxMessages(), 1, 1 << 16),
                settings.whole("llava.gateway.max-text-bytes", 1, 1 << 26).orElse(defaults.maxTextBytes()),
                defaults.maxStopStrings(),
                defaults.maxStopCharacters(),
                defaults.maxTopLogprobs(),
                settings.integer("llava.gateway.default-max-tokens", defaults.defaultMaxTokens(), 1, 1 << 20),
                settings.duration(
                        "llava.gateway.default-deadline",
                        usual.compareTo(maxDeadline) < 0 ? usual : maxDeadline,
                        Duration.ofSeconds(1),
                        maxDeadline),
                maxDeadline);
    }

    private static ByteString tenantKey(Settings settings) {
        Optional<String> given = settings.text("llava.gateway.tenant-key");
        if (given.isEmpty()) {
            byte[] drawn = new byte[32];
            new SecureRandom().nextBytes(drawn);
            return ByteString.copyFrom(drawn);
        }
        if (!KEY.matcher(given.get()).matches()) {
            throw new PropertyException("llava.gateway.tenant-key must be 32 to 128 hexadecimal digits in lower case");
        }
        return ByteString.copyFrom(HexFormat.of().parseHex(given.get()));
    }
}
