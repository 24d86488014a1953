package org.llavacluster.gateway.pipeline;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Predicate;
import org.llavacluster.gateway.request.ValidRequest;
import org.llavacluster.gateway.resume.Loss;
import org.llavacluster.gateway.resume.ResumePolicy;
import org.llavacluster.gateway.resume.ResumeVerdict;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.failure.FailureException;
import org.llavacluster.node.membership.WorkerEpoch;

/** The shared policy for requests that lose their decoder, with its metrics. */
public final class Resumes {

    private final ResumePolicy policy;
    private final Duration wait;
    private final Map<Loss.Cause, Counter> resumed = new EnumMap<>(Loss.Cause.class);
    private final Counter givenUp;
    private final Counter quarantined;

    /**
     * @param wait how long a request may wait for a decoder if none is left
     */
    public Resumes(ResumePolicy policy, Duration wait, MeterRegistry metrics) {
        this.policy = policy;
        this.wait = wait;
        for (Loss.Cause cause : Loss.Cause.values()) {
            resumed.put(
                    cause,
                    Counter.builder("llava.resumes")
                            .description("Times that a request continued at another decoder, by the cause of the loss")
                            .tag("cause", cause.name().toLowerCase(Locale.ROOT))
                            .register(metrics));
        }
        givenUp = Counter.builder("llava.resumes.given.up")
                .description("Requests that lost their decoder and did not continue")
                .register(metrics);
        quarantined = Counter.builder("llava.requests.quarantined")
                .description("Requests under which decoders ended one after the other: refused for a while")
                .register(metrics);
    }

    /**
     * A request begins.
     *
     * @throws FailureException {@link Failure.Precondition} for one that may have ended decoders
     */
    void begin(ValidRequest request, long nowNanos) {
        policy.begin(nowNanos);
        if (policy.quarantines(nowNanos)) {
            policy.quarantined(RequestDigest.of(request), nowNanos).ifPresent(left -> {
                throw new FailureException(new Failure.Precondition("decoders ended while they worked on this request: "
                        + "it is refused for another " + Math.ceilDiv(left.toMillis(), 1000) + " s"));
            });
        }
    }

    Duration patience() {
        return wait;
    }

    ResumeVerdict decide(List<Loss> losses, Predicate<WorkerEpoch> present, long nowNanos) {
        return policy.decide(losses, present, nowNanos);
    }

    void quarantine(ValidRequest request, long nowNanos) {
        quarantined.increment();
        policy.quarantine(RequestDigest.of(request), nowNanos);
    }

    void resumed(Loss.Cause cause) {
        resumed.get(cause).increment();
    }

    void givenUp() {
        givenUp.increment();
    }
}
