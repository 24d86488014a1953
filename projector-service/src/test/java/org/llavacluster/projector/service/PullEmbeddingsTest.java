package org.llavacluster.projector.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.node.tensor.TensorAnswer;
import org.llavacluster.node.tensor.TensorPull;
import org.llavacluster.proto.cluster.v1.ImageReference;

class PullEmbeddingsTest {

    private final StagedVision vision = new StagedVision();
    private final StagedVision other = new StagedVision("vision-9");
    private Node projector;

    @BeforeEach
    void start() {
        Member gone = new Member("vision-gone", MemberRole.VISION, "127.0.0.1", 1);
        projector = Node.start(
                "projector-0",
                "llava-1.5-tiny",
                Map.of(),
                List.of(vision.member(), other.member(), gone),
                ProjectorApplication::new);
    }

    @AfterEach
    void close() {
        projector.close();
        vision.close();
        other.close();
    }

    private TensorPull pull() {
        return pull(reference -> reference);
    }

    private TensorPull pull(UnaryOperator<ImageReference.Builder> change) {
        ImageReference.Builder reference = EncodedImages.reference(
                "scene.png", 36, "vision-1", projector.description().getRevision());
        return EncodedImages.pull(projector.channel(), change.apply(reference).build());
    }

    private static Failure failure(TensorPull pull) {
        PullOutcome outcome = pull.outcome().join();
        assertThat(outcome).isInstanceOf(PullOutcome.Failed.class);
        return ((PullOutcome.Failed) outcome).failure();
    }

    private void assertNothingHeld(double entries) {
        StagedVision.await(() -> projector.cache("waiters") == 0
                && projector.cache("entries") == entries
                && projector.cache("bytes") == entries * 36 * 64 * 4
                && projector.cache("pinned") == 0);
        StagedVision.await(() -> projector.process().context().state().current().getRunning() == 0
                && projector.process().context().state().current().getWaiting() == 0);
    }

    @Test
    void shouldPullAndProjectOnceForAllWhoWantItAtTheSameTime() {
        List<TensorPull> pulls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            pulls.add(pull());
        }
        StagedVision.await(() -> projector.cache("waiters") == 20 && vision.pulls() == 1);
        vision.answerZeros(36);
        for (TensorPull pull : pulls) {
            assertThat(pull.outcome().join()).isInstanceOf(PullOutcome.Ready.class);
        }
        assertThat(vision.pulls()).isEqualTo(1);
        assertThat(projector.calls(Stage.PROJECT)).isEqualTo(1);
        assertNothingHeld(1);
    }

    @Test
    void shouldNotFailFollowersWhenTheLeaderIsCancelled() {
        TensorPull leader = pull();
        StagedVision.await(() -> vision.pulls() == 1);
        TensorPull follower = pull();
        StagedVision.await(() -> projector.cache("waiters") == 2);

        leader.cancel();
        StagedVision.await(() -> projector.cache("waiters") == 1);
        assertThat(vision.left()).isZero();
        vision.answerZeros(36);

        assertThat(failure(leader)).isInstanceOf(Failure.Cancelled.class);
        assertThat(follower.outcome().join()).isInstanceOf(PullOutcome.Ready.class);
        assertNothingHeld(1);
    }

    @Test
    void shouldCancelItsPullWhenNobodyWaitsAnyMoreAndBeginAnew() {
        TensorPull one = pull();
        TensorPull two = pull();
        StagedVision.await(() -> projector.cache("waiters") == 2 && vision.pulls() == 1);
        one.cancel();
        two.cancel();
        StagedVision.await(() -> vision.left() == 1);
        assertNothingHeld(0);

        TensorPull again = pull();
        StagedVision.await(() -> vision.pulls() == 2);
        vision.answerZeros(36);
        assertThat(again.outcome().join()).isInstanceOf(PullOutcome.Ready.class);
        assertNothingHeld(1);
    }

    @Test
    void shouldPullTheFeaturesFromAnotherNodeWhereOneIsNamedWhileTheyAreAwaited() {
        TensorPull first = pull();
        StagedVision.await(() -> vision.pulls() == 1);
        TensorPull second = pull(reference -> reference.setVisionNode("vision-9"));
        StagedVision.await(() -> other.pulls() == 1 && vision.left() == 1);
        TensorPull third = pull(reference -> reference.setVisionNode("vision-9"));
        StagedVision.await(() -> projector.cache("waiters") == 3);
        other.answerZeros(36);
        for (TensorPull each : List.of(first, second, third)) {
            assertThat(each.outcome().join()).isInstanceOf(PullOutcome.Ready.class);
        }
        assertThat(other.pulls()).isEqualTo(1);
        assertThat(projector.calls(Stage.PROJECT)).isEqualTo(1);
        assertNothingHeld(1);
    }

    @Test
    void shouldPassOnThatFeaturesAreNowhere() {
        TensorPull absent = pull();
        StagedVision.await(() -> vision.pulls() == 1);
        vision.answer(new TensorAnswer.Absent());
        assertThat(absent.outcome().join()).isEqualTo(new PullOutcome.Absent());

        TensorPull wrong = pull();
        StagedVision.await(() -> vision.pulls() == 2);
        vision.answer(new TensorAnswer.WrongRevision());
        assertThat(wrong.outcome().join()).isEqualTo(new PullOutcome.WrongRevision());
        assertNothingHeld(0);
    }

    @Test
    void shouldRefuseWhatDoesNotFitItsModel() {
        assertThat(pull(r -> r.setProjectorRevision("other")).outcome().join())
                .isEqualTo(new PullOutcome.WrongRevision());
        assertThat(failure(pull(r -> r.setRows(35))).message())
                .isEqualTo("image.rows must be 36 for an image of 320 x 240, not 35");
        assertThat(failure(pull(r -> r.setWidth(0))).message()).isEqualTo("image.width must be 1 to 65535, not 0");
        assertThat(failure(pull(r -> r.setFeatureKey(r.getFeatureKey().substring(1))))
                        .message())
                .isEqualTo("image.feature_key must have 32 bytes, not 31");
        assertThat(vision.pulls()).isZero();
        assertNothingHeld(0);
    }

    @Test
    void shouldRefuseFeaturesOfAnotherShape() {
        TensorPull pull = pull();
        StagedVision.await(() -> vision.pulls() == 1);
        vision.answerZeros(37);
        assertThat(failure(pull).message()).contains("[36, 48]").contains("[37, 48]");
        assertNothingHeld(0);
    }

    @Test
    void shouldFailQuicklyWhereThereIsNoSuchVisionNode() {
        assertThat(failure(pull(r -> r.setVisionNode("vision-7")))).isInstanceOf(Failure.Unavailable.class);
        assertThat(failure(pull(r -> r.setVisionNode("vision-gone")))).isInstanceOf(Failure.Unavailable.class);
        assertNothingHeld(0);
    }

    @Test
    void shouldFailThePullWhenTheVisionNodeDiesUnderIt() {
        TensorPull pull = pull();
        StagedVision.await(() -> vision.pulls() == 1);
        vision.close();
        assertThat(failure(pull)).isInstanceOf(Failure.Unavailable.class);
        assertNothingHeld(0);
    }
}
