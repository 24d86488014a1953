package org.llavacluster.node.config;

import java.time.Duration;
import java.util.regex.Pattern;

/** Further properties of the gateway. */
public final class GatewayProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Gateway");

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final String INVALID = "HTTP 400 / INVALID_ARGUMENT, naming the field, the limit and the value.";

    public static final Property<String> SERVED_NAME = GROUP.text("llava.gateway.served-name")
            .otherwiseComputed("the name of the model's folder")
            .meaning("Name of the model in both APIs.");

    public static final Property<String> IMAGE_HOSTS = GROUP.text("llava.gateway.image-hosts")
            .meaning("Hosts from which images are fetched for requests that name them by URL, separated by commas. "
                    + "Without it no image is fetched.");

    public static final Property<String> TEMPLATE = GROUP.text("llava.gateway.template")
            .otherwiseComputed("the model's own")
            .meaning("Chat template by name, for models whose folder has none or a wrong one.");

    public static final Property<Long> MAX_RUNNING = GROUP.wholeNumber("llava.gateway.max-running", 1, 1 << 16)
            .otherwise(64L)
            .limit(
                    "Running requests share the decoders; more of them only make each slower.",
                    "Only a delay: further requests wait in `llava.gateway.max-waiting`.")
            .meaning("Requests that run at the same time.");

    public static final Property<Long> MAX_WAITING = GROUP.wholeNumber("llava.gateway.max-waiting", 1, 1 << 20)
            .otherwise(256L)
            .limit(
                    "A queue without a bound grows until every request in it is too old.",
                    "HTTP 429 `overloaded` with `Retry-After` / RESOURCE_EXHAUSTED, for the last request of the tenant "
                            + "that holds most of the queue.")
            .meaning("Requests that wait for decoders, and as many that wait for vision nodes.");

    public static final Property<String> TENANT_HEADER = GROUP.text(
                    "llava.gateway.tenant-header",
                    Pattern.compile("[a-z0-9][a-z0-9_.-]{0,63}"),
                    "be the name of a header in lower case",
                    "at most 64 letters, digits, `_`, `.` and `-`")
            .meaning(
                    "Header of HTTP requests, and metadata key of gRPC calls, that names the tenant. Tenants share the "
                            + "cluster fairly and never each other's cached tensors. Only for gateways behind a proxy "
                            + "that sets the header itself: clients could name any tenant. Without it all requests "
                            + "have one tenant.");

    /** On a heap that holds it. */
    public static final long USUAL_BODY_BYTES = 64L << 20;

    /** Bodies of the largest size that the gateway holds at once by default. */
    public static final int BODIES_IN_FLIGHT = 6;

    /** On a heap that holds it. */
    public static final long USUAL_STORE_BYTES = 256L << 20;

    public static final Property<Long> MAX_BODY_BYTES = GROUP.bytes("llava.gateway.max-body-bytes", 1 << 10, 1 << 30)
            .otherwiseComputed("64 MiB, at most a 16th of the heap")
            .limit(
                    "A body is held in memory while it is read; the default holds two images of the largest size in "
                            + "base64, or a dozen of the usual one.",
                    "HTTP 413 `too_large`, before the body is read where its length is known.")
            .meaning("Size of one HTTP request's body.");

    public static final Property<Long> INFLIGHT_BYTES = GROUP.bytes("llava.gateway.inflight-bytes", 3 << 10, 1L << 40)
            .otherwiseComputed("six times `llava.gateway.max-body-bytes`, or a quarter of the heap if that is more")
            .limit(
                    "Many large bodies at once must not exhaust the heap. A body is in memory three times: as it "
                            + "arrived, as text, and as the images in it; so it must be at least three times "
                            + "`llava.gateway.max-body-bytes`.",
                    "HTTP 429 `overloaded` with `Retry-After` / RESOURCE_EXHAUSTED.")
            .meaning("Memory that bodies and uploads take together.");

    public static final Property<Long> IMAGE_STORE_BYTES = GROUP.bytes("llava.gateway.image-store-bytes", 1, 1L << 40)
            .otherwiseComputed("256 MiB, at most a quarter of the heap")
            .limit(
                    "Images that clients put beforehand stay in memory.",
                    "The least recently used image is dropped; a request that names it gets HTTP 412 / "
                            + "FAILED_PRECONDITION and puts it again.")
            .meaning("Memory for images that clients put and refer to by their id.");

    public static final Property<Duration> IMAGE_LIFETIME = GROUP.time(
                    "llava.gateway.image-lifetime", SECOND, Duration.ofDays(7))
            .otherwise(Duration.ofMinutes(30))
            .limit(
                    "The memory of unused images must be freed.",
                    "A request that names the image gets HTTP 412 / FAILED_PRECONDITION and puts it again.")
            .meaning("How long an image is kept that is not used.");

    public static final Property<Long> MAX_IMAGES = GROUP.wholeNumber("llava.gateway.max-images", 0, 1 << 10)
            .otherwise(16L)
            .limit("Each image takes hundreds to thousands of tokens of the context.", INVALID)
            .meaning("Images of one request.");

    public static final Property<Long> MAX_IMAGE_BYTES = GROUP.bytes(
                    "llava.gateway.max-image-bytes", 1, FixedLimits.IMAGE_BYTES.value())
            .otherwise(FixedLimits.IMAGE_BYTES.value())
            .limit("An image is held in memory as a file and decoded.", INVALID)
            .meaning("Size of one image's file; vision processes take no more than the default.");

    public static final Property<Long> MAX_IMAGE_PIXELS = GROUP.wholeNumber(
                    "llava.gateway.max-image-pixels", 1, FixedLimits.IMAGE_PIXELS.value())
            .otherwise(FixedLimits.IMAGE_PIXELS.value())
            .limit("A small file can decode to gigabytes of pixels; phones take images of 64 megapixels.", INVALID)
            .meaning("Width times height of one image; vision processes take no more than the default.");

    public static final Property<Long> MAX_PIXELS_PER_ADDRESS = GROUP.wholeNumber(
                    "llava.gateway.max-pixels-per-address", 64, 1L << 50)
            .otherwise(1L << 30)
            .limit(
                    "Large images of one address must not keep the vision processes busy; these take them some ten "
                            + "seconds.",
                    "HTTP 429 `overloaded` with `Retry-After` / RESOURCE_EXHAUSTED.")
            .meaning("Pixels of the images of one address that are being encoded or wait for it. A request whose "
                    + "images have a 64th of that or less is always admitted. A proxy in front of the gateway is one "
                    + "address.");

    public static final Property<Long> MAX_MESSAGES = GROUP.wholeNumber("llava.gateway.max-messages", 1, 1 << 16)
            .otherwise(256L)
            .limit("Templates take longer with every message; no context holds more.", INVALID)
            .meaning("Messages of one conversation.");

    public static final Property<Long> MAX_TEXT_BYTES = GROUP.bytes("llava.gateway.max-text-bytes", 1, 1 << 26)
            .otherwise(256L << 10)
            .limit("Far beyond what any LLaMA context holds, and still tokenized within milliseconds.", INVALID)
            .meaning("All texts of one request together, in UTF-8.");

    public static final Property<Long> DEFAULT_MAX_TOKENS = GROUP.wholeNumber(
                    "llava.gateway.default-max-tokens", 1, 1 << 20)
            .otherwise(1024L)
            .limit(
                    "A request that does not say how long its answer may be must end all the same.",
                    "The answer ends with `finish_reason` `length`.")
            .meaning("Tokens to generate where the request does not say.");

    public static final Property<Duration> MAX_DEADLINE = GROUP.time("llava.gateway.max-deadline", SECOND, DAY)
            .otherwise(Duration.ofHours(1))
            .limit(
                    "Every request ends, however long its client would wait.",
                    "A longer deadline is shortened to this one; at its end: HTTP 504 / DEADLINE_EXCEEDED.")
            .meaning("Longest deadline of a request.");

    public static final Property<Duration> DEFAULT_DEADLINE = GROUP.time("llava.gateway.default-deadline", SECOND, DAY)
            .otherwise(Duration.ofMinutes(10))
            .limit(
                    "Ten minutes suffice for a thousand tokens of a 7B model on two cores.",
                    "HTTP 504 / DEADLINE_EXCEEDED; a stream that has begun ends with an error event.")
            .meaning("Deadline of a request that brings none; never more than `llava.gateway.max-deadline`.");

    public static final Property<Duration> SUSPECT_AFTER = GROUP.time("llava.gateway.suspect-after", SECOND, DAY)
            .otherwise(Duration.ofSeconds(2))
            .limit(
                    "Workers report every 0.4 s. A frozen process keeps its connections open, so only"
                            + " its silence shows it.",
                    "Only a delay: its requests are resumed at other workers, if there are any.")
            .meaning("How long a worker may be silent before it gets no new work and loses its requests to others.");

    public static final Property<Duration> RESUME_WAIT = GROUP.time(
                    "llava.gateway.resume-wait", Duration.ZERO, Duration.ofHours(1))
            .otherwise(Duration.ofSeconds(30))
            .limit(
                    "A process that was killed is mostly started again within seconds; if it is not, "
                            + "the client waits in vain.",
                    "HTTP 503 `unavailable` / UNAVAILABLE; ABORTED after tokens were sent.")
            .meaning(
                    "How long a running request that lost a worker waits for one of the same kind, where none is left. "
                            + "Its deadline may end it before.");

    public static final Property<String> TENANT_KEY = GROUP.text(
                    "llava.gateway.tenant-key",
                    Pattern.compile("([0-9a-f]{2}){16,64}"),
                    "be 32 to 128 hexadecimal digits in lower case",
                    "32 to 128 hexadecimal digits")
            .secret()
            .otherwiseComputed("random for each start")
            .meaning("Key that names cached tensors. Gateways with the same key share what the workers have cached.");

    private GatewayProperties() {}
}
