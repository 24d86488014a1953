package org.llavacluster.node.config;

import java.lang.reflect.Field;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which test class holds each limit. It takes the value below the limit and the limit, and not the next one. If only a
 * timer or a library enforces the limit, it shows that the value reaches them, or what happens at the end of the time.
 */
final class LimitHolders {

    /** A test, and the constants of the limits that it holds. */
    private static final Map<String, List<String>> BY_TEST = new LinkedHashMap<>();

    static {
        BY_TEST.put(
                "RequestParserTest",
                List.of(
                        "GatewayProperties.MAX_IMAGES",
                        "GatewayProperties.MAX_IMAGE_BYTES",
                        "GatewayProperties.MAX_IMAGE_PIXELS",
                        "GatewayProperties.MAX_MESSAGES",
                        "GatewayProperties.MAX_TEXT_BYTES",
                        "GatewayProperties.DEFAULT_MAX_TOKENS",
                        "FixedLimits.PRIORITY",
                        "FixedLimits.REQUEST_PIXELS",
                        "FixedLimits.STOP_STRINGS",
                        "FixedLimits.STOP_CHARACTERS",
                        "FixedLimits.TOP_LOGPROBS",
                        "FixedLimits.TEMPERATURE",
                        "FixedLimits.REPETITION_PENALTY",
                        "FixedLimits.PENALTY",
                        "FixedLimits.LOGIT_BIAS",
                        "FixedLimits.LOGIT_BIASES",
                        "FixedLimits.STOP_TOKEN_IDS",
                        "FixedLimits.CHOICES"));
        BY_TEST.put("CompletionRequestTest", List.of("FixedLimits.JSON_NESTING", "FixedLimits.JSON_VALUES"));
        BY_TEST.put("TransportTest", List.of("GatewayProperties.MAX_BODY_BYTES", "FixedLimits.REQUEST_ID_CHARACTERS"));
        BY_TEST.put("HttpPressureTest", List.of("FixedLimits.UNSENT_BYTES"));
        BY_TEST.put(
                "EntranceTest",
                List.of(
                        "HttpProperties.HEADER_TIME",
                        "HttpProperties.IDLE_TIME",
                        "FixedLimits.HTTP_HEADER_BYTES",
                        "FixedLimits.HTTP_LINE_BYTES"));
        BY_TEST.put("RequestGuardTest", List.of("FixedLimits.HTTP_PIPELINED"));
        BY_TEST.put("FramePaceTest", List.of("FixedLimits.HTTP_EMPTY_FRAMES", "FixedLimits.HTTP_WINDOW_UPDATES"));
        BY_TEST.put(
                "OpenConnectionsTest", List.of("HttpProperties.MAX_CONNECTIONS", "HttpProperties.PEER_SHARE_PERCENT"));
        BY_TEST.put(
                "ArrivalsTest",
                List.of("HttpProperties.MAX_ARRIVING", "HttpProperties.MIN_BODY_RATE", "HttpProperties.MAX_BODY_TIME"));
        BY_TEST.put("ByteBudgetTest", List.of("GatewayProperties.INFLIGHT_BYTES"));
        BY_TEST.put("PixelBudgetTest", List.of("GatewayProperties.MAX_PIXELS_PER_ADDRESS"));
        BY_TEST.put("PressureTest", List.of("GatewayProperties.MAX_RUNNING", "GatewayProperties.MAX_WAITING"));
        BY_TEST.put(
                "ImageStoreTest", List.of("GatewayProperties.IMAGE_STORE_BYTES", "GatewayProperties.IMAGE_LIFETIME"));
        BY_TEST.put("ImageFetcherTest", List.of("FixedLimits.FETCH_TIME"));
        BY_TEST.put("ImageUploadTest", List.of("FixedLimits.UPLOAD_PIECE_BYTES"));
        BY_TEST.put(
                "ChatTest",
                List.of(
                        "GatewayProperties.MAX_DEADLINE",
                        "GatewayProperties.DEFAULT_DEADLINE",
                        "FixedLimits.ENCODES_OF_IMAGE"));
        BY_TEST.put("ScaleToZeroTest", List.of("ScalingProperties.MAX_PARKED"));
        BY_TEST.put("ResumeTest", List.of("GatewayProperties.RESUME_WAIT"));
        BY_TEST.put(
                "SchedulerLimitsTest",
                List.of(
                        "FixedLimits.LOSSES_OF_REQUEST",
                        "FixedLimits.FAILURES_OF_REQUEST",
                        "FixedLimits.DEATHS_OF_REQUEST",
                        "FixedLimits.QUARANTINE",
                        "FixedLimits.RESUME_PERCENT"));
        BY_TEST.put(
                "AnnouncedImageTest",
                List.of("FixedLimits.IMAGE_BYTES", "FixedLimits.IMAGE_PIXELS", "FixedLimits.IMAGE_SIDE"));
        BY_TEST.put("EncodeTest", List.of("FixedLimits.ENCODE_IMAGES"));
        BY_TEST.put("MemoryBudgetTest", List.of("FixedLimits.VISION_WORKING_BYTES", "FixedLimits.OVERTAKING_IMAGES"));
        BY_TEST.put("UploadBudgetTest", List.of("FixedLimits.VISION_UPLOAD_BYTES"));
        BY_TEST.put("UploadPaceTest", List.of("FixedLimits.UPLOAD_WINDOW_BYTES", "FixedLimits.UPLOAD_TIME"));
        BY_TEST.put("ImageDecoderTest", List.of("FixedLimits.JPEG_SCANS"));
        BY_TEST.put("TensorTableTest", List.of("FixedLimits.TENSOR_WAITERS", "WorkerProperties.TENSOR_CACHE_BYTES"));
        BY_TEST.put("FlowControlTest", List.of("FixedLimits.PULL_STALL", "FixedLimits.STREAM_WINDOW_BYTES"));
        BY_TEST.put("TensorMarshallerTest", List.of("FixedLimits.TENSOR_FRAME_BYTES"));
        BY_TEST.put("TensorLayoutTest", List.of("FixedLimits.TENSOR_KEY_BYTES"));
        BY_TEST.put(
                "SchedulerTest",
                List.of(
                        "DecoderProperties.MAX_RUNNING",
                        "DecoderProperties.MAX_WAITING",
                        "DecoderProperties.KEPT_IMAGE_BYTES",
                        "FixedLimits.OUTBOX_TOKENS"));
        BY_TEST.put("BlockPoolTest", List.of("DecoderProperties.KV_TOKENS"));
        BY_TEST.put("GenerationParserTest", List.of("FixedLimits.STOP_IDS"));
        BY_TEST.put("FileMembershipTest", List.of("FixedLimits.MEMBERSHIP_BYTES"));
        BY_TEST.put(
                "CallGateTest",
                List.of(
                        "NodeProperties.DRAIN_TIMEOUT",
                        "FixedLimits.PUBLIC_CALLS_BESIDES_ADMITTED",
                        "FixedLimits.CLUSTER_CALLS"));
        BY_TEST.put(
                "ConnectionTableTest",
                List.of(
                        "GrpcProperties.MAX_CONNECTIONS",
                        "GrpcProperties.MAX_CONNECTIONS_PER_ADDRESS",
                        "GrpcProperties.MAX_SILENT_CONNECTIONS"));
        BY_TEST.put(
                "FrameFloodTest",
                List.of(
                        "GrpcProperties.MAX_CONTROL_FRAMES",
                        "GrpcProperties.MAX_NEW_CALLS",
                        "FixedLimits.GRPC_WINDOW_UPDATES"));
        BY_TEST.put(
                "PeerConnectionTest",
                List.of(
                        "GrpcProperties.MAX_CALLS_PER_CONNECTION",
                        "FixedLimits.PUBLIC_CALLS_PER_CONNECTION",
                        "FixedLimits.CLUSTER_CALLS_PER_CONNECTION"));
        BY_TEST.put("PeerAbuseTest", List.of("GrpcProperties.MAX_ARRIVING_CALLS"));
        BY_TEST.put("MessageBudgetTest", List.of("GrpcProperties.INBOUND_BYTES"));
        BY_TEST.put(
                "InboundCallTest",
                List.of(
                        "GrpcProperties.FIRST_MESSAGE_TIMEOUT",
                        "GrpcProperties.MIN_MESSAGE_RATE",
                        "FixedLimits.FREE_MESSAGE_BYTES"));
        BY_TEST.put(
                "MalformedMessageTest",
                List.of("FixedLimits.PUBLIC_MESSAGE_BYTES_BESIDES_IMAGE", "FixedLimits.CLUSTER_MESSAGE_BYTES"));
        BY_TEST.put("SilenceTest", List.of("GatewayProperties.SUSPECT_AFTER"));
        BY_TEST.put("RefusedModelsTest", List.of("FixedLimits.CONFIG_BYTES", "FixedLimits.VOCABULARY_BYTES"));
        BY_TEST.put("SafetensorsFileTest", List.of("FixedLimits.SAFETENSORS_HEADER_BYTES"));
        BY_TEST.put("WeightFilesTest", List.of("FixedLimits.WEIGHT_INDEX_BYTES"));
        BY_TEST.put(
                "TemplateLimitsTest",
                List.of(
                        "FixedLimits.TEMPLATE_WORK",
                        "FixedLimits.TEMPLATE_STRING",
                        "FixedLimits.TEMPLATE_PARTS",
                        "FixedLimits.TEMPLATE_INTEGER_BITS",
                        "FixedLimits.TEMPLATE_INTEGER_DIGITS",
                        "FixedLimits.TEMPLATE_RANGE",
                        "FixedLimits.TEMPLATE_LOOPS",
                        "FixedLimits.TEMPLATE_CALLS"));
        BY_TEST.put("CallRefusalsTest", List.of("GrpcProperties.HANDSHAKE_TIMEOUT"));
        BY_TEST.put(
                "ServerLimitsTest",
                List.of(
                        "FixedLimits.METADATA_BYTES",
                        "FixedLimits.PING_INTERVAL",
                        "FixedLimits.IDLE_CONNECTION",
                        "FixedLimits.PUBLIC_RESETS",
                        "FixedLimits.CLUSTER_RESETS"));
    }

    private LimitHolders() {}

    static Map<String, List<String>> byTest() {
        return BY_TEST;
    }

    /** The test class of a limit or property. */
    static String of(Object limit) {
        String constant = constant(limit);
        return BY_TEST.entrySet().stream()
                .filter(test -> test.getValue().contains(constant))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no test is named for the limit " + constant));
    }

    /** Its constant as code names it, such as {@code FixedLimits.CHOICES}. */
    private static String constant(Object limit) {
        return List.of(
                        FixedLimits.class,
                        NodeProperties.class,
                        GrpcProperties.class,
                        GatewayProperties.class,
                        HttpProperties.class,
                        ScalingProperties.class,
                        WorkerProperties.class,
                        DecoderProperties.class)
                .stream()
                .flatMap(type -> List.of(type.getDeclaredFields()).stream())
                .filter(field -> valueOf(field).filter(value -> value == limit).isPresent())
                .map(field -> field.getDeclaringClass().getSimpleName() + "." + field.getName())
                .findFirst()
                .orElseThrow(() -> new AssertionError("no constant for " + limit));
    }

    private static Optional<Object> valueOf(Field field) {
        try {
            field.setAccessible(true);
            return Optional.ofNullable(field.get(null));
        } catch (IllegalAccessException | NullPointerException e) {
            return Optional.empty();
        }
    }
}
