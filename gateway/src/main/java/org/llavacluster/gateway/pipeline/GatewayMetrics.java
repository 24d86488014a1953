package org.llavacluster.gateway.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import org.llavacluster.node.metrics.AbandonedWork;
import org.llavacluster.node.metrics.LatencyBuckets;
import org.llavacluster.node.metrics.Stage;

/**
 * Counts of requests, and the times that clients notice. Every request is submitted once and then counted under exactly
 * one outcome: submitted = completed + rejected + cancelled + expired + failed + those in progress.
 */
public final class GatewayMetrics {

    /** How a request ended. */
    public enum Outcome {
        COMPLETED,
        /** Invalid, or refused because of load. */
        REJECTED,
        CANCELLED,
        EXPIRED,
        /** By the fault of a worker or of the gateway. */
        FAILED
    }

    private final Counter submitted;
    private final Counter admitted;
    private final Map<Outcome, Counter> ended = new EnumMap<>(Outcome.class);
    private final Counter promptTokens;
    private final Counter cachedTokens;
    private final Counter completionTokens;
    private final Map<ResumeCause, Counter> resumed = new EnumMap<>(ResumeCause.class);
    private final Counter givenUp;
    private final Counter quarantined;
    private final Timer firstToken;
    private final Timer betweenTokens;
    private final AbandonedWork abandoned;

    public GatewayMetrics(MeterRegistry registry) {
        submitted = counter(registry, "llava.requests.submitted", "Requests that arrived");
        admitted = counter(registry, "llava.requests.admitted", "Requests whose turn came");
        for (Outcome outcome : Outcome.values()) {
            String name = outcome.name().toLowerCase(Locale.ROOT);
            ended.put(outcome, counter(registry, "llava.requests." + name, "Requests that ended as " + name));
        }
        promptTokens = counter(registry, "llava.prompt.tokens", "Tokens of prompts that a decoder took on");
        cachedTokens = counter(
                registry, "llava.cached.tokens", "Tokens of prompts that a prefix cache held and nothing computed");
        completionTokens = counter(registry, "llava.completion.tokens", "Tokens of answers");
        for (ResumeCause cause : ResumeCause.values()) {
            resumed.put(
                    cause,
                    Counter.builder("llava.resumes")
                            .description("Times that a request continued at another decoder, by the cause of the loss")
                            .tag("cause", cause.name().toLowerCase(Locale.ROOT))
                            .register(registry));
        }
        givenUp = counter(registry, "llava.resumes.given.up", "Requests that lost their decoder and did not continue");
        quarantined = counter(
                registry,
                "llava.requests.quarantined",
                "Requests under which decoders ended one after the other: refused for a while");
        firstToken = Timer.builder("llava.time.to.first.token")
                .description("From a request's arrival to its first token")
                .serviceLevelObjectives(LatencyBuckets.between(Duration.ofMillis(10), Duration.ofSeconds(100)))
                .register(registry);
        betweenTokens = Timer.builder("llava.inter.token")
                .description("From one token to the next")
                .serviceLevelObjectives(LatencyBuckets.between(Duration.ofMillis(3), Duration.ofSeconds(3)))
                .register(registry);
        abandoned = new AbandonedWork(registry, Stage.ENCODE, Stage.PREFILL, Stage.DECODE_STEP);
    }

    private static Counter counter(MeterRegistry registry, String name, String description) {
        return Counter.builder(name).description(description).register(registry);
    }

    /** Worker time that passed between the leave of a client and the end of the call that worked for it. */
    public AbandonedWork abandoned() {
        return abandoned;
    }

    void submitted() {
        submitted.increment();
    }

    void admitted() {
        admitted.increment();
    }

    void ended(Outcome outcome) {
        ended.get(outcome).increment();
    }

    /** A decoder has accepted a prompt. */
    void prompt(int tokens, int cached) {
        promptTokens.increment(tokens);
        cachedTokens.increment(cached);
    }

    void resumed(ResumeCause cause) {
        resumed.get(cause).increment();
    }

    void givenUp() {
        givenUp.increment();
    }

    void quarantined() {
        quarantined.increment();
    }

    void completion(int tokens) {
        completionTokens.increment(tokens);
    }

    void firstToken(Duration time) {
        firstToken.record(time);
    }

    void betweenTokens(Duration time) {
        betweenTokens.record(time);
    }
}
