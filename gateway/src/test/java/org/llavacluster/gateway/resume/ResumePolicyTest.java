package org.llavacluster.gateway.resume;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavacluster.gateway.resume.Loss.Cause;
import org.llavacluster.node.membership.WorkerEpoch;

/**
 * Holds the limits {@code FixedLimits.LOSSES_OF_REQUEST}, {@code FixedLimits.DEATHS_OF_REQUEST}, {@code
 * FixedLimits.QUARANTINE} and {@code FixedLimits.RESUME_PERCENT}.
 */
class ResumePolicyTest {

    private static final WorkerEpoch A = new WorkerEpoch("decoder-0", 1);
    private static final WorkerEpoch A_AGAIN = new WorkerEpoch("decoder-0", 2);
    private static final WorkerEpoch B = new WorkerEpoch("decoder-1", 1);
    private static final ByteString DIGEST = ByteString.copyFromUtf8("digest");
    private static final int FREE = 4;

    private final ResumePolicy policy = new ResumePolicy(ResumeLimits.of(FREE));

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }

    private static Loss loss(WorkerEpoch worker, Cause cause, long beganMillis, long endedMillis) {
        return new Loss(worker, cause, millis(beganMillis), millis(endedMillis));
    }

    private ResumeVerdict decide(long atMillis, Set<WorkerEpoch> present, Loss... losses) {
        return policy.decide(List.of(losses), present::contains, millis(atMillis));
    }

    @ParameterizedTest
    @EnumSource(Cause.class)
    void shouldGoOnAfterTheFirstLossWhateverItsCause(Cause cause) {
        assertThat(decide(5, Set.of(), loss(A, cause, 0, 5))).isEqualTo(new ResumeVerdict.Resume());
    }

    @Test
    void shouldQuarantineARequestUnderWhichTwoDecodersDied() {
        assertThat(decide(9, Set.of(), loss(A, Cause.DIED, 0, 5), loss(B, Cause.DIED, 6, 9)))
                .isEqualTo(new ResumeVerdict.Quarantine("2 decoders ended while they worked on the request"));
        assertThat(decide(9, Set.of(), loss(A, Cause.DIED, 0, 5), loss(A_AGAIN, Cause.DIED, 6, 9)))
                .isInstanceOf(ResumeVerdict.Quarantine.class);
    }

    @Test
    void shouldWaitUntilItKnowsWhetherTheSecondDecoderDied() {
        Loss[] losses = {loss(A, Cause.DIED, 0, 5), loss(B, Cause.DIED, 6, 9)};
        assertThat(decide(9, Set.of(B), losses)).isEqualTo(new ResumeVerdict.Undecided(millis(1009)));
        assertThat(decide(500, Set.of(), losses)).isInstanceOf(ResumeVerdict.Quarantine.class);
        assertThat(decide(1009, Set.of(B), losses)).isEqualTo(new ResumeVerdict.Resume());
    }

    @Test
    void shouldNotTakeABrokenConnectionForADeath() {
        assertThat(decide(3000, Set.of(A), loss(A, Cause.DIED, 0, 5), loss(B, Cause.DIED, 6, 3000)))
                .isEqualTo(new ResumeVerdict.Resume());
    }

    @Test
    void shouldClearARequestThatWentOnForTenSeconds() {
        assertThat(decide(10_006, Set.of(), loss(A, Cause.DIED, 0, 5), loss(B, Cause.DIED, 6, 10_006)))
                .isEqualTo(new ResumeVerdict.Resume());
    }

    @Test
    void shouldNotBlameARequestForSilentOrDrainingDecoders() {
        assertThat(decide(9, Set.of(), loss(A, Cause.SILENT, 0, 5), loss(B, Cause.DIED, 6, 9)))
                .isEqualTo(new ResumeVerdict.Resume());
        assertThat(decide(9, Set.of(), loss(A, Cause.DIED, 0, 5), loss(B, Cause.MOVED, 6, 9)))
                .isEqualTo(new ResumeVerdict.Resume());
    }

    @Test
    void shouldTryOnceMoreWhatADecoderFailedAt() {
        assertThat(decide(9, Set.of(A, B), loss(A, Cause.FAILED, 0, 5), loss(B, Cause.FAILED, 6, 9)))
                .isEqualTo(new ResumeVerdict.PassOn());
    }

    @Test
    void shouldGiveUpARequestThatIsLostAgainAndAgain() {
        ResumePolicy rich = new ResumePolicy(ResumeLimits.of(100));
        Loss[] losses = new Loss[9];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = loss(new WorkerEpoch("decoder-" + i, 1), Cause.SILENT, i, i);
            ResumeVerdict verdict = rich.decide(Arrays.asList(losses).subList(0, i + 1), worker -> false, millis(i));
            assertThat(verdict)
                    .isEqualTo(
                            i < 8
                                    ? new ResumeVerdict.Resume()
                                    : new ResumeVerdict.GiveUp("the request lost its decoder 9 times"));
        }
    }

    @Test
    void shouldMoveARequestAsOftenAsItsDecodersDrain() {
        Loss[] losses = new Loss[50];
        for (int i = 0; i < losses.length; i++) {
            losses[i] = loss(new WorkerEpoch("decoder-" + i, 1), Cause.MOVED, i, i);
            assertThat(policy.decide(Arrays.asList(losses).subList(0, i + 1), worker -> false, millis(i)))
                    .isEqualTo(new ResumeVerdict.Resume());
        }
    }

    private int resumesAt(long atMillis) {
        int resumed = 0;
        while (decide(atMillis, Set.of(), loss(A, Cause.SILENT, 0, 0)) instanceof ResumeVerdict.Resume) {
            resumed++;
        }
        return resumed;
    }

    @Test
    void shouldKeepResumesWithinAFifthOfTheRequestsAndTheLossOfAllThatRuns() {
        assertThat(resumesAt(0)).isEqualTo(FREE);
        for (int i = 0; i < 10; i++) {
            policy.begin(millis(i));
        }
        assertThat(resumesAt(10)).isEqualTo(2);
        assertThat(resumesAt(8_999)).isZero();
        assertThat(resumesAt(10_010)).isEqualTo(FREE);
        assertThat(resumesAt(30_000)).isEqualTo(FREE);
    }

    @Test
    void shouldRefuseAQuarantinedRequestForTenMinutes() {
        assertThat(policy.quarantines(0)).isFalse();
        policy.quarantine(DIGEST, 0);
        assertThat(policy.quarantined(DIGEST, millis(1000))).contains(Duration.ofSeconds(599));
        assertThat(policy.quarantined(ByteString.copyFromUtf8("other"), millis(1000)))
                .isEmpty();
        assertThat(policy.quarantined(DIGEST, millis(600_000))).isEmpty();
        assertThat(policy.quarantines(millis(600_000))).isFalse();
    }

    @Test
    void shouldForgetTheOldestOfTooManyQuarantinedRequests() {
        for (int i = 0; i <= 1024; i++) {
            policy.quarantine(ByteString.copyFromUtf8("digest " + i), i);
        }
        assertThat(policy.quarantined(ByteString.copyFromUtf8("digest 0"), 1024))
                .isEmpty();
        assertThat(policy.quarantined(ByteString.copyFromUtf8("digest 1"), 1024))
                .isPresent();
    }
}
