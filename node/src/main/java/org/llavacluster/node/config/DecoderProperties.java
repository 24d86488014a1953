package org.llavacluster.node.config;

import java.time.Duration;

/** Further properties of the decoder. */
public final class DecoderProperties {

    static final PropertyGroup GROUP = new PropertyGroup("Decoder");

    private static final long MOST = 1 << 16;

    public static final Property<String> KV = GROUP.choice("llava.kv", "f32", "bf16", "f16")
            .otherwiseComputed("`f32` beside `llava.weights=f32`, else `f16`")
            .meaning("How keys and values of the KV cache are stored.");

    public static final Property<Long> KV_TOKENS = GROUP.wholeNumber("llava.kv-tokens", 1, 1 << 28)
            .otherwiseComputed("four times the model's context, at most a quarter of the memory")
            .limit(
                    "Keys and values of all running requests take memory that is reserved at the start.",
                    "Requests wait until there is room; a running one may be paused and computed again. A prompt "
                            + "that alone needs more is refused with HTTP 400 / INVALID_ARGUMENT: "
                            + "the context published in `/v1/models` is the smaller of the two.")
            .meaning("Tokens that the KV cache holds, all requests together, rounded up to blocks of 16.");

    public static final Property<Long> MAX_RUNNING = GROUP.wholeNumber("llava.decoder.max-running", 1, MOST)
            .otherwise(32L)
            .limit(
                    "A step takes longer with every sequence in it.",
                    "Only a delay: further requests wait for their turn in `llava.decoder.max-waiting`.")
            .meaning("Sequences that generate at the same time.");

    public static final Property<Long> MAX_WAITING = GROUP.wholeNumber("llava.decoder.max-waiting", 0, MOST)
            .otherwise(64L)
            .limit(
                    "A queue without a bound grows until every request in it is too old.",
                    "The gateway tries another decoder; where all are full, HTTP 429 with `Retry-After` / "
                            + "RESOURCE_EXHAUSTED.")
            .meaning("Requests that wait for their turn at this decoder.");

    public static final Property<Long> PREFILL_ROWS = GROUP.wholeNumber("llava.decoder.prefill-rows", 1, MOST)
            .otherwise(256L)
            .meaning("Prompt tokens of one step: enough to keep the processor busy, few enough that a request which "
                    + "arrives or is cancelled meanwhile waits briefly.");

    public static final Property<Duration> PREFILL_TIME = GROUP.time(
                    "llava.decoder.prefill-time", Duration.ofMillis(1), Duration.ofMinutes(1))
            .otherwise(Duration.ofMillis(200))
            .meaning("Time that the prompt tokens of a step may take while other requests stream: "
                    + "the longest pause between two tokens of theirs.");

    public static final Property<Long> RESERVED_TOKENS = GROUP.wholeNumber("llava.decoder.reserved-tokens", 1, MOST)
            .otherwise(256L)
            .meaning("For how many tokens of its answer a request reserves KV blocks before it starts; beyond them it "
                    + "takes what is free, or preempts the newest request that can be computed again.");

    /** On a heap that holds it. */
    public static final long USUAL_KEPT_BYTES = 256L << 20;

    public static final Property<Long> KEPT_IMAGE_BYTES = GROUP.bytes("llava.decoder.kept-image-bytes", 0, 1L << 40)
            .otherwiseComputed("256 MiB, at most a quarter of the heap")
            .limit(
                    "An image of LLaVA-1.5 7B takes 9 MiB; with more requests than fit, others are preempted first.",
                    "Nothing but time, unless a projector is away: a request whose image is not kept waits for it when "
                            + "it has to be computed again.")
            .meaning(
                    "Memory for embeddings of images that running requests keep, so that one which is preempted can be "
                            + "computed again without the projector.");

    private DecoderProperties() {}
}
