package org.llavacluster.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.node.config.Settings;
import org.llavacluster.scheduling.ClusterAction;
import org.llavacluster.scheduling.ClusterEvent;
import org.llavacluster.scheduling.ClusterEvent.Cause;
import org.llavacluster.scheduling.ClusterLimits;
import org.llavacluster.scheduling.ClusterScheduler;
import org.llavacluster.scheduling.RequestOutcome;
import org.llavacluster.scheduling.RequestOutcome.Fault;
import org.llavacluster.scheduling.RequestOutcome.Refusal;
import org.llavacluster.scheduling.RequestSpec;
import org.llavacluster.scheduling.name.ContentDigest;
import org.llavacluster.scheduling.name.PromptPrefixes;
import org.llavacluster.scheduling.worker.WorkerReport;
import org.llavacluster.scheduling.worker.WorkerRole;

/**
 * The scheduler with the limits of a gateway. Holds the limits {@code FixedLimits.LOSSES_OF_REQUEST}, {@code
 * FixedLimits.FAILURES_OF_REQUEST}, {@code FixedLimits.DEATHS_OF_REQUEST}, {@code FixedLimits.QUARANTINE} and {@code
 * FixedLimits.RESUME_PERCENT}.
 */
class SchedulerLimitsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final String IDENTITY = "revision 1";
    private static final int MAX_RUNNING = 16;

    private final ClusterLimits limits = GatewayConfiguration.of(new Settings(new SmallRyeConfigBuilder()
                    .withSources(new PropertiesConfigSource(
                            Map.of("llava.model", ".", "llava.gateway.max-running", "" + MAX_RUNNING), "test", 100))
                    .build()))
            .schedulerLimits();
    private final ClusterScheduler scheduler = new ClusterScheduler(limits);

    private long now;
    private long requests;
    private List<ClusterAction> actions = List.of();

    @BeforeEach
    void reportTwoDecoders() {
        report("decoder-0", 1);
        report("decoder-1", 1);
    }

    private void tell(ClusterEvent... events) {
        actions = scheduler.step(now, List.of(events)).actions();
    }

    private void report(String decoder, long epoch) {
        tell(new ClusterEvent.WorkerReported(new WorkerReport(
                decoder, WorkerRole.DECODER, epoch, IDENTITY, false, 1000, 0, 0, 0, 1e9, 0, 1_000_000)));
    }

    private void submit(long digest) {
        tell(new ClusterEvent.Submitted(new RequestSpec(
                requests++,
                "tenant",
                0,
                now + 3600 * SECOND,
                100,
                50,
                List.of(),
                PromptPrefixes.NONE,
                new ContentDigest(digest, 0, 0, 0),
                new RequestSpec.Models("", "", IDENTITY))));
    }

    private <T extends ClusterAction> T only(Class<T> kind) {
        List<T> all = actions.stream().filter(kind::isInstance).map(kind::cast).toList();
        assertThat(all).as("%s", actions).hasSize(1);
        return all.getFirst();
    }

    private RequestOutcome outcome() {
        return only(ClusterAction.End.class).outcome();
    }

    /** The call that follows at once, or after the pause before a decoder that has failed is called again. */
    private ClusterAction.Generate nextCall() {
        if (actions.isEmpty()) {
            now += SECOND;
            tell();
        }
        return only(ClusterAction.Generate.class);
    }

    private void end(ClusterAction.Generate call, Cause cause) {
        tell(new ClusterEvent.Broken(call.id(), call.attempt(), cause));
    }

    @ParameterizedTest
    @EnumSource(names = {"LOST", "TURNED_AWAY"})
    void shouldContinueEightTimesAfterACallBrokeOff(Cause cause) {
        submit(1);
        for (int i = 0; i < 8; i++) {
            end(nextCall(), cause);
        }
        end(nextCall(), cause);
        assertThat(outcome()).isEqualTo(new RequestOutcome.Failed(Fault.RETRIES_SPENT, 0));
    }

    @Test
    void shouldContinueAsOftenAsDecodersHandTheRequestOver() {
        submit(1);
        for (int i = 0; i < 50; i++) {
            end(nextCall(), Cause.HANDED_OVER);
        }
        assertThat(nextCall().attempt()).isEqualTo(51);
    }

    @Test
    void shouldTryOnceMoreWhatADecoderFailedAt() {
        submit(1);
        end(nextCall(), Cause.FAILED);
        end(nextCall(), Cause.FAILED);
        assertThat(outcome()).isEqualTo(new RequestOutcome.Failed(Fault.RETRIES_SPENT, 0));
    }

    private void die(ClusterAction.Generate call) {
        tell(new ClusterEvent.Accepted(call.id(), call.attempt(), 0));
        tell(new ClusterEvent.WorkerLost(call.decoder(), call.epoch()));
    }

    @Test
    void shouldQuarantineARequestUnderWhichTwoDecodersEndedForTenMinutes() {
        submit(1);
        die(only(ClusterAction.Generate.class));
        die(only(ClusterAction.Generate.class));
        assertThat(outcome()).isEqualTo(new RequestOutcome.Failed(Fault.KILLED_WORKERS, 0));
        report("decoder-0", 2);
        now += 600 * SECOND - 1;
        submit(1);
        assertThat(outcome()).isEqualTo(new RequestOutcome.Refused(Refusal.QUARANTINED, 1));
        submit(2);
        only(ClusterAction.Generate.class);
        now++;
        submit(1);
        only(ClusterAction.Generate.class);
    }

    /** How many of so many requests are called again after their first decoder failed. */
    private int repeated(int of) {
        int repeated = 0;
        for (int i = 0; i < of; i++) {
            submit(requests);
            ClusterAction.Generate first = only(ClusterAction.Generate.class);
            end(first, Cause.FAILED);
            if (actions.stream().noneMatch(ClusterAction.End.class::isInstance)) {
                repeated++;
                tell(new ClusterEvent.Cancelled(first.id()));
            }
        }
        return repeated;
    }

    @Test
    void shouldRepeatTwentyOfAHundredCallsAndOneForEachRequestThatMayRun() {
        assertThat(repeated(MAX_RUNNING)).isEqualTo(MAX_RUNNING);
        int share = (int) (0.2 * MAX_RUNNING);
        assertThat(repeated(1000)).isBetween(200, 200 + share);
        for (int hundred = 0; hundred < 10; hundred++) {
            assertThat(repeated(100)).isEqualTo(20);
        }
    }
}
