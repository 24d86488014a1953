package org.llavacluster.node.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.llavacluster.node.config.FixedLimit.Unit;
import org.llavacluster.proto.tensor.TensorFrame;
import org.llavacluster.proto.tensor.TensorLayout;

/**
 * The limits that no property changes. Modules that know this one read them here. The limits of the modules text and
 * model, which do not, are repeated here and must be changed in both places; a test compares those of text.
 */
public final class FixedLimits {

    private static final List<FixedLimit> ALL = new ArrayList<>();

    private static final String INVALID = "HTTP 400 / INVALID_ARGUMENT, naming the field, the limit and the value.";
    private static final String CLUSTER_ONLY = "Only between the processes of a cluster: the gateway never sends more.";

    // Images

    /** The same as {@code ImageLimits.DEFAULT}. */
    public static final FixedLimit IMAGE_BYTES = bytes(
            "Bytes of an image at a vision process",
            20 << 20,
            "An image is held in memory as a file and decoded.",
            INVALID);

    /** The same as {@code ImageLimits.DEFAULT}. */
    public static final FixedLimit IMAGE_PIXELS = count(
            "Pixels of an image at a vision process",
            1 << 26,
            "Decoding takes up to 12 bytes for each pixel; phones take images of 64 megapixels.",
            INVALID);

    /** The same as {@code ImageLimits.DEFAULT}. */
    public static final FixedLimit IMAGE_SIDE =
            count("Width and height of an image", 65_535, "The longest side that JPEG and GIF can have.", INVALID);

    /** The same as the constant of the image decoder. */
    public static final FixedLimit JPEG_SCANS = count(
            "Scans of a progressive JPEG",
            100,
            "Each scan goes over the whole image: thousands of them keep a core busy for minutes.",
            "HTTP 400 / INVALID_ARGUMENT: the image cannot be read.");

    public static final FixedLimit UPLOAD_PIECE_BYTES = bytes(
            "Bytes of one message of PutImage and of Encode",
            1 << 20,
            "Small messages share a connection fairly and keep little memory.",
            INVALID);

    public static final FixedLimit ENCODE_IMAGES =
            count("Images of one Encode call", 64, "A call's images are followed one by one.", CLUSTER_ONLY);

    public static final FixedLimit VISION_WORKING_BYTES = bytes(
            "Memory of a vision process for images on their way to the engine",
            640 << 20,
            "Holds the largest image alone, or dozens of the usual size. Half of the heap if that is less.",
            "Only a delay: uploads wait for memory.");

    public static final FixedLimit VISION_UPLOAD_BYTES = bytes(
            "Memory of a vision process for files that wait to be decoded",
            128 << 20,
            "Holds six files of the largest size.",
            "Only a delay: uploads wait for memory.");

    public static final FixedLimit UPLOAD_WINDOW_BYTES = bytes(
            "Least bytes of a file that a vision process receives in 10 s in which it waits for them",
            64 << 10,
            "Files that trickle in must not hold memory.",
            "Only between the processes of a cluster: the call ends with DEADLINE_EXCEEDED.");

    public static final FixedLimit UPLOAD_TIME = seconds(
            "Longest time in which a vision process waits for the bytes of one file",
            60,
            "The largest file takes that long at 350 KB/s.",
            "Only between the processes of a cluster: the call ends with DEADLINE_EXCEEDED.");

    public static final FixedLimit OVERTAKING_IMAGES = count(
            "Images that may get memory of a vision process before one that needs more than is free",
            64,
            "A large image must get its turn; until then small ones need not wait for it.",
            "Only a delay.");

    public static final FixedLimit REQUEST_PIXELS = count(
            "Pixels of all images of a request",
            1 << 28,
            "Four images of the largest size, or twenty photographs of 12 megapixels.",
            INVALID);

    public static final FixedLimit TENSOR_WAITERS = count(
            "Calls that wait for features or embeddings being made, at one process",
            1024,
            "Every queue is bounded.",
            "HTTP 429 `overloaded` with `Retry-After` / RESOURCE_EXHAUSTED.");

    public static final FixedLimit ENCODES_OF_IMAGE = count(
            "Times that one request has an image encoded",
            4,
            "Embeddings that are lost repeatedly are given up.",
            "HTTP 503 `unavailable` / UNAVAILABLE.");

    public static final FixedLimit LOSSES_OF_REQUEST = count(
            "Times that a request continues after a call to a decoder broke off",
            8,
            "One more attempt does not help a request that is lost repeatedly. Decoders that drain or fall silent do"
                    + " not count.",
            "HTTP 503 `unavailable` / UNAVAILABLE; ABORTED after tokens were sent.");

    public static final FixedLimit FAILURES_OF_REQUEST = count(
            "Calls of one request at which decoders fail",
            2,
            "A request that fails at two decoders would most likely fail at the next one.",
            "The failure that the decoder reported.");

    public static final FixedLimit DEATHS_OF_REQUEST = count(
            "Decoders that end, one after the other, under one request",
            2,
            "The request may be what ended them: the next attempt would end the next one, with all that runs there.",
            "ABORTED; the same request gets HTTP 412 / FAILED_PRECONDITION for a while.");

    public static final FixedLimit QUARANTINE = seconds(
            "How long a request is refused that may have ended decoders",
            600,
            "Long enough to investigate; not for ever, because the request may be innocent.",
            "HTTP 412 / FAILED_PRECONDITION with the time that is left.");

    public static final FixedLimit RESUME_PERCENT = count(
            "Calls repeated after a failure per hundred calls; `llava.gateway.max-running` are added, and at least ten",
            20,
            "A fault that hits every attempt must not multiply the load on the workers that are left. Going on after"
                    + " the loss of a worker is no repetition.",
            "HTTP 503 `unavailable` / UNAVAILABLE; ABORTED after tokens were sent.");

    // Requests

    public static final FixedLimit PRIORITY = count(
            "Highest priority of a request; the lowest is the same below zero",
            100,
            "Priorities are compared with each other only.",
            INVALID);

    public static final FixedLimit STOP_STRINGS =
            count("Stop strings of a request", 16, "Every token of an answer is compared with each of them.", INVALID);

    public static final FixedLimit STOP_CHARACTERS = count(
            "Characters of a stop string",
            256,
            "A stream holds back as many characters as may yet become a stop string.",
            INVALID);

    /** The same as the constant of the sampler. */
    public static final FixedLimit TOP_LOGPROBS =
            count("`top_logprobs`", 20, "OpenAI's limit; each token's answer grows with it.", INVALID);

    public static final FixedLimit TEMPERATURE = count("`temperature`", 2, "OpenAI's range.", INVALID);

    public static final FixedLimit REPETITION_PENALTY = count(
            "`repetition_penalty`", 100, "A larger one does what this one does: it rules the token out.", INVALID);

    public static final FixedLimit PENALTY =
            count("`presence_penalty` and `frequency_penalty`, on both sides of 0", 2, "OpenAI's range.", INVALID);

    public static final FixedLimit LOGIT_BIAS =
            count("A value of `logit_bias`, on both sides of 0", 100, "OpenAI's range.", INVALID);

    public static final FixedLimit LOGIT_BIASES =
            count("Tokens in `logit_bias`", 1024, "Each is added in every step.", INVALID);

    public static final FixedLimit STOP_TOKEN_IDS =
            count("`stop_token_ids` of a request", 256, "Far more than the ends of any model.", INVALID);

    public static final FixedLimit CHOICES =
            count("`n`", 8, "Each choice is a sequence of its own in the decoder.", INVALID);

    public static final FixedLimit JSON_NESTING =
            count("Nesting of a JSON body", 64, "Deeper nesting would overflow the stack.", "HTTP 400.");

    public static final FixedLimit JSON_VALUES = count(
            "Values in a JSON body",
            100_000,
            "A body of a few megabytes could become gigabytes of objects.",
            "HTTP 400.");

    public static final FixedLimit UNSENT_BYTES = bytes(
            "Bytes of an answer that wait for a client that does not read",
            64 << 10,
            "A client that does not read must not fill the gateway's memory.",
            "Only a delay: generation pauses until the client reads.");

    public static final FixedLimit OUTBOX_TOKENS = count(
            "Tokens of an answer that wait at the decoder for the gateway",
            64,
            "Bridges a pause of the network; more would be wasted if the client leaves.",
            "Only a delay: the sequence pauses, others continue.");

    public static final FixedLimit STOP_IDS =
            count("Stop tokens of a Generate call", 1024, "Each token is looked up among them.", CLUSTER_ONLY);

    // Servers

    public static final FixedLimit HTTP_HEADER_BYTES = bytes(
            "Headers of an HTTP request", 8 << 10, "Headers are in memory before anything is checked.", "HTTP 431.");

    public static final FixedLimit HTTP_LINE_BYTES = bytes(
            "The first line of an HTTP request", 4 << 10, "It is in memory before anything is checked.", "HTTP 414.");

    public static final FixedLimit HTTP_PIPELINED = count(
            "Requests of one HTTP/1.1 connection that wait for the answers to earlier ones",
            64,
            "Each is in memory; most clients send none.",
            "HTTP 400, after the answers before it, and the connection closes.");

    public static final FixedLimit HTTP_EMPTY_FRAMES = count(
            "Frames without content of one HTTP/2 connection within 10 s: pings, settings, priorities, resets, unknown "
                    + "ones, and empty data and continuations",
            400,
            "They cost the server more than the client, which needs a handful for each request.",
            "The connection closes with ENHANCE_YOUR_CALM.");

    public static final FixedLimit HTTP_WINDOW_UPDATES = count(
            "Window updates of one HTTP/2 connection within 10 s",
            20_000,
            "As above; a client that reads long answers in small steps sends many.",
            "The connection closes with ENHANCE_YOUR_CALM.");

    public static final FixedLimit REQUEST_ID_CHARACTERS = count(
            "Characters of a request's id",
            128,
            "It is in the log, in headers and in calls to workers.",
            "The request gets an id of the gateway.");

    public static final FixedLimit FETCH_TIME = seconds(
            "Time to fetch an image by its URL",
            10,
            "A slow host must not hold the request's place and memory.",
            INVALID);

    public static final FixedLimit METADATA_BYTES = bytes(
            "Metadata of a gRPC call",
            8 << 10,
            "Metadata is in memory before anything is checked.",
            "RESOURCE_EXHAUSTED.");

    public static final FixedLimit PUBLIC_MESSAGE_BYTES_BESIDES_IMAGE = bytes(
            "Bytes of a message of the public gRPC API beside `llava.gateway.max-image-bytes` and "
                    + "`llava.gateway.max-text-bytes`",
            1 << 20,
            "One image of the largest size fits a message with its texts; more images go by PutImage.",
            "RESOURCE_EXHAUSTED, from gRPC itself.");

    public static final FixedLimit PUBLIC_CALLS_PER_CONNECTION = count(
            "Calls of one gRPC connection to the gateway at once",
            100,
            "One client must not take all places.",
            "Only a delay: the client's gRPC library holds further calls back.");

    public static final FixedLimit PUBLIC_CALLS_BESIDES_ADMITTED = count(
            "Calls to the gateway beside `llava.gateway.max-running` and twice `llava.gateway.max-waiting`",
            256,
            "Uploads, token counts, and calls that are about to be refused.",
            "HTTP 429 / RESOURCE_EXHAUSTED.");

    public static final FixedLimit PUBLIC_RESETS = count(
            "Streams that one connection to the gateway resets within 30 s",
            200,
            "Resets without end keep a server busy at no cost to the client (CVE-2023-44487).",
            "The connection closes.");

    public static final FixedLimit GRPC_WINDOW_UPDATES = count(
            "Window updates of one gRPC connection in a second, and of four seconds at once",
            20_000,
            "They cost the server more than the client; one that reads tensors at memory speed sends several thousand.",
            "The connection closes.");

    public static final FixedLimit FREE_MESSAGE_BYTES = bytes(
            "Bytes of each gRPC call's messages beside `llava.grpc.inbound-bytes`",
            64 << 10,
            "Small messages pass while large ones hold the memory.",
            "Nothing.");

    public static final FixedLimit STREAM_WINDOW_BYTES = bytes(
            "Bytes of a gRPC stream on their way to the server before it reads them",
            256 << 10,
            "With gRPC's own tuning, all streams together could exceed the memory of a process.",
            "Only a delay: the client's library waits.");

    public static final FixedLimit IDLE_CONNECTION = seconds(
            "Time after which a gRPC connection without calls is closed",
            600,
            "Connections of clients that have left must end.",
            "The client's library connects again.");

    public static final FixedLimit PING_INTERVAL = seconds(
            "Shortest time between keepalive pings of a gRPC client",
            5,
            "Pings cost the server more than the client.",
            "The connection closes with `too_many_pings`.");

    public static final FixedLimit CLUSTER_MESSAGE_BYTES = bytes(
            "Message between processes of the cluster",
            4 << 20,
            "The largest is the start of a generation: a whole context of token ids.",
            CLUSTER_ONLY);

    public static final FixedLimit CLUSTER_CALLS_PER_CONNECTION = count(
            "Calls of one connection between processes at once",
            2000,
            "One connection carries all calls of a peer.",
            CLUSTER_ONLY);

    public static final FixedLimit CLUSTER_CALLS = count(
            "Calls to a worker at once",
            4000,
            "Every queue is bounded.",
            "RESOURCE_EXHAUSTED; the gateway tries another worker.");

    public static final FixedLimit CLUSTER_RESETS = count(
            "Streams that one connection to a worker resets within 30 s",
            2000,
            "As at the gateway, but a gateway cancels for all of its clients.",
            "The connection closes and is opened again.");

    public static final FixedLimit MEMBERSHIP_BYTES = bytes(
            "The membership file",
            8 << 20,
            "Thousands of processes fit.",
            "A log line, and the last members stay in use.");

    public static final FixedLimit TENSOR_FRAME_BYTES = bytes(
            "Data of one frame of a tensor",
            TensorFrame.MAX_DATA_BYTES,
            "Frames of several tensors share a connection fairly.",
            CLUSTER_ONLY);

    public static final FixedLimit PULL_STALL = seconds(
            "Longest time in which the receiver of a tensor takes nothing of it",
            30,
            "A receiver that does not read must not keep the tensor in memory until its deadline, which may be hours "
                    + "away.",
            "Only between the processes of a cluster: the stream is reset, and the tensor is pulled again if it is "
                    + "needed.");

    public static final FixedLimit TENSOR_KEY_BYTES =
            bytes("Key of a tensor", TensorLayout.MAX_KEY_BYTES, "Keys are digests of 32 bytes.", CLUSTER_ONLY);

    // Checkpoints

    /** The same as the constant of the module model-io. */
    public static final FixedLimit CONFIG_BYTES = bytes(
            "A JSON file of a checkpoint, such as config.json",
            4 << 20,
            "Configurations have a few kilobytes.",
            "The process does not start and names the file.");

    /** The same as the constant of the module model-io. */
    public static final FixedLimit VOCABULARY_BYTES = bytes(
            "tokenizer.json",
            256 << 20,
            "The largest vocabularies known take 35 MB.",
            "The process does not start and names the file.");

    /** The same as the constant of the reader of weights. */
    public static final FixedLimit SAFETENSORS_HEADER_BYTES = bytes(
            "Header of a safetensors file",
            16 << 20,
            "A header takes about 100 bytes for each tensor.",
            "The process does not start and names the file.");

    /** The same as the constant of the reader of weights. */
    public static final FixedLimit WEIGHT_INDEX_BYTES = bytes(
            "The index of weight files",
            16 << 20,
            "An index takes about 100 bytes for each tensor.",
            "The process does not start and names the file.");

    // Chat templates of checkpoints; the same as TemplateLimits of the module model-io.

    private static final String TEMPLATE_ENDS =
            "HTTP 400 / INVALID_ARGUMENT, naming line and column of the template; at the start the process ends.";

    public static final FixedLimit TEMPLATE_WORK = count(
            "Steps of a chat template; each character that it processes counts as a sixteenth of one",
            20_000_000,
            "A template must not keep a thread busy for more than some seconds.",
            TEMPLATE_ENDS);

    public static final FixedLimit TEMPLATE_STRING = count(
            "Characters of a string of a chat template, its output among them, in UTF-16",
            16 << 20,
            "Far beyond what any context holds.",
            TEMPLATE_ENDS);

    public static final FixedLimit TEMPLATE_PARTS = count(
            "Parts of a value of a chat template, counted as often as they occur in it",
            8 << 20,
            "A list that holds another one many times grows without bounds.",
            TEMPLATE_ENDS);

    public static final FixedLimit TEMPLATE_INTEGER_BITS =
            count("Bits of an integer of a chat template", 1 << 20, "Python's integers have no bounds.", TEMPLATE_ENDS);

    public static final FixedLimit TEMPLATE_INTEGER_DIGITS = count(
            "Digits of an integer that a chat template writes or reads in decimal",
            4300,
            "Python's limit.",
            TEMPLATE_ENDS);

    public static final FixedLimit TEMPLATE_RANGE =
            count("Numbers of a range in a chat template", 100_000, "The limit of jinja2's sandbox.", TEMPLATE_ENDS);

    public static final FixedLimit TEMPLATE_LOOPS =
            count("Nested loops in a chat template", 20, "As many as Python compiles.", TEMPLATE_ENDS);

    public static final FixedLimit TEMPLATE_CALLS = count(
            "Nested calls of macros and recursive loops in a chat template",
            180,
            "Deeper calls would overflow the stack; Python's own limit is about the same.",
            TEMPLATE_ENDS);

    private FixedLimits() {}

    static List<FixedLimit> all() {
        return Collections.unmodifiableList(ALL);
    }

    private static FixedLimit count(String name, long value, String why, String seen) {
        return add(new FixedLimit(name, value, Unit.COUNT, new LimitNote(why, seen)));
    }

    private static FixedLimit bytes(String name, long value, String why, String seen) {
        return add(new FixedLimit(name, value, Unit.BYTES, new LimitNote(why, seen)));
    }

    private static FixedLimit seconds(String name, long value, String why, String seen) {
        return add(new FixedLimit(name, value, Unit.SECONDS, new LimitNote(why, seen)));
    }

    private static FixedLimit add(FixedLimit limit) {
        ALL.add(limit);
        return limit;
    }
}
