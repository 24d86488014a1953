package org.llavacluster.vision.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.proto.cluster.v1.EncodeImage;
import org.llavacluster.proto.cluster.v1.EncodeRequest;
import org.llavacluster.proto.cluster.v1.EncodeResult;

/** Holds the limit {@code FixedLimits.ENCODE_IMAGES}. */
class EncodeTest {

    private final VisionRig rig = new VisionRig(64 * VisionRig.FEATURE_BYTES);

    @AfterEach
    void close() {
        rig.close();
    }

    private void assertNothingHeld(int entries) {
        VisionRig.await(() -> rig.board.current().getRunning() == 0
                && rig.board.current().getWaiting() == 0
                && rig.memory.used() == 0
                && rig.uploads.used() == 0
                && rig.features.bytes() == entries * VisionRig.FEATURE_BYTES);
        assertThat(rig.features.entries()).isEqualTo(entries);
        assertThat(rig.waiters()).isZero();
        assertThat(rig.memory.waiting()).isZero();
    }

    @Test
    void shouldEncodeAnImageAndFindItThereTheSecondTime() {
        EncodeBatch first = rig.batch().scene("a").closed();
        assertThat(first.end().isOk()).isTrue();
        assertThat(first.result("a").getEncoded().getTiles()).isEqualTo(1);
        assertThat(first.result("a").getEncoded().getRows()).isEqualTo(36);
        assertThat(first.result("a").getEncoded().getCached()).isFalse();

        EncodeBatch second = rig.batch().scene("a").closed();
        assertThat(second.end().isOk()).isTrue();
        assertThat(second.result("a").getEncoded().getCached()).isTrue();
        assertThat(rig.model.runs()).containsExactly(1);
        assertThat(rig.calls(Stage.ENCODE)).isEqualTo(1);
        assertNothingHeld(1);
        assertThat(rig.board.current().getRatePerSecond()).isPositive();
        assertThat(rig.board.current().getCacheEntries()).isEqualTo(1);
    }

    @Test
    void shouldFailABadImageAloneAmongEight() {
        EncodeBatch batch = rig.batch();
        byte[] whole = EncodeBatch.file("scene.png");
        byte[] truncated = Arrays.copyOf(whole, whole.length / 2);
        for (int i = 0; i < 8; i++) {
            if (i == 3) {
                batch.send(batch.header(EncodeBatch.key("image 3"), truncated, 320, 240));
                batch.send(truncated, 100);
            } else {
                batch.scene("image " + i);
            }
        }
        batch.closed();
        assertThat(batch.end().isOk()).isTrue();
        assertThat(batch.results()).hasSize(8);
        for (int i = 0; i < 8; i++) {
            EncodeResult result = batch.result("image " + i);
            assertThat(result.hasEncoded()).as("image " + i).isEqualTo(i != 3);
        }
        assertThat(batch.result("image 3").getFailure().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(batch.result("image 3").getFailure().getMessage()).startsWith("the image ");
        assertNothingHeld(7);
    }

    static Stream<Arguments> refusals() {
        return Stream.of(
                refusal(h -> h.setVisionRevision("other"), Status.Code.FAILED_PRECONDITION, "image.vision_revision "),
                refusal(h -> h.setWidth(321), Status.Code.INVALID_ARGUMENT, "image.width x image.height is 321 x 240"),
                refusal(h -> h.setHeight(0), Status.Code.INVALID_ARGUMENT, "image.height must be 1 to "),
                refusal(h -> h.setTotalBytes(5), Status.Code.INVALID_ARGUMENT, "image.total_bytes is 5, but "),
                refusal(h -> h.setTotalBytes(1 << 20), Status.Code.INVALID_ARGUMENT, "image.total_bytes is 1048576,"),
                refusal(h -> h.setTotalBytes(-1), Status.Code.INVALID_ARGUMENT, "image.total_bytes must be 1 to "),
                refusal(
                        h -> h.setImageId(ByteString.copyFrom(new byte[32])),
                        Status.Code.INVALID_ARGUMENT,
                        "image.image_id must be the SHA-256 of the file"));
    }

    private static Arguments refusal(UnaryOperator<EncodeImage.Builder> change, Status.Code code, String message) {
        return Arguments.of(change, code, message);
    }

    @ParameterizedTest
    @MethodSource("refusals")
    void shouldRefuseAnImageThatIsNotAsAnnouncedAndGoOn(
            UnaryOperator<EncodeImage.Builder> change, Status.Code code, String message) {
        EncodeBatch batch = rig.batch().scene("bad", change).scene("good").closed();
        assertThat(batch.end().isOk()).isTrue();
        assertThat(batch.result("bad").getFailure().getCode()).isEqualTo(code.value());
        assertThat(batch.result("bad").getFailure().getMessage()).startsWith(message);
        assertThat(batch.result("good").hasEncoded()).isTrue();
        assertNothingHeld(1);
    }

    @Test
    void shouldFailACallThatBreaksTheContract() {
        EncodeRequest data =
                EncodeRequest.newBuilder().setData(ByteString.copyFromUtf8("x")).build();
        assertFailed(rig.batch().send(data), "data must follow the header");
        assertFailed(rig.batch().scene("a").send(data), "data must follow the header");
        assertFailed(rig.batch().send(EncodeRequest.getDefaultInstance()), "a message must have an image or data");
        EncodeBatch large = rig.batch();
        large.send(large.header(EncodeBatch.key("b"), new byte[2 << 20], 1, 1));
        assertFailed(large.send(new byte[2 << 20], (1 << 20) + 1), "data must have at most 1048576 bytes, not 1048577");
        EncodeBatch asManyAsMayBe = rig.batch();
        for (int i = 0; i < 64; i++) {
            asManyAsMayBe.send(asManyAsMayBe.header(EncodeBatch.key("image " + i), new byte[1], 0, 1));
        }
        assertThat(asManyAsMayBe.closed().end().isOk()).isTrue();
        assertThat(asManyAsMayBe.results()).hasSize(64);
        EncodeBatch many = rig.batch();
        for (int i = 0; i <= 64; i++) {
            many.send(many.header(EncodeBatch.key("image " + i), new byte[1], 0, 1));
        }
        assertFailed(many, "a call must have at most 64 images");
        VisionRig.await(() -> rig.memory.used() == 0);
    }

    private static void assertFailed(EncodeBatch batch, String message) {
        Status end = batch.end();
        assertThat(end.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(end.getDescription()).startsWith(message);
    }

    @Test
    void shouldEncodeOnceForAllWhoWantItAtTheSameTime() {
        rig.model.closeGate();
        List<EncodeBatch> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(rig.batch().scene("a").closed());
        }
        VisionRig.await(() -> rig.waiters() == 20);
        rig.model.openGate();
        for (EncodeBatch call : calls) {
            assertThat(call.end().isOk()).isTrue();
            assertThat(call.result("a").getEncoded().getCached()).isFalse();
        }
        assertThat(rig.model.runs()).containsExactly(1);
        assertNothingHeld(1);
    }

    @Test
    void shouldNotFailFollowersWhenTheLeaderIsCancelled() {
        rig.model.closeGate();
        EncodeBatch leader = rig.batch().scene("a").closed();
        VisionRig.await(() -> rig.model.runs().size() == 1);
        EncodeBatch follower = rig.batch().scene("a").closed();
        VisionRig.await(() -> rig.waiters() == 2);

        leader.cancel();
        assertThat(leader.end().getCode()).isEqualTo(Status.Code.CANCELLED);
        VisionRig.await(() -> rig.waiters() == 1);
        rig.model.openGate();

        assertThat(follower.end().isOk()).isTrue();
        assertThat(follower.result("a").hasEncoded()).isTrue();
        assertNothingHeld(1);
    }

    @Test
    void shouldStopTheWorkOfACancelledCallAndFreeWhatItHeld() {
        rig.model.closeGate();
        EncodeBatch running = rig.batch().scene("a").closed();
        VisionRig.await(() -> rig.model.runs().size() == 1);
        EncodeBatch cancelled = rig.batch().scene("b").scene("c");
        VisionRig.await(() -> rig.waiters() == 3);

        cancelled.cancel();
        VisionRig.await(() -> rig.waiters() == 1);
        rig.model.openGate();

        assertThat(running.end().isOk()).isTrue();
        assertNothingHeld(1);
        assertThat(rig.model.runs()).containsExactly(1);
        assertThat(rig.batch().scene("b").closed().result("b").hasEncoded()).isTrue();
    }

    @Test
    void shouldCountTheWorkThatNothingWaitsForAnyMore() {
        rig.model.closeGate();
        EncodeBatch cancelled = rig.batch().scene("a").closed();
        VisionRig.await(() -> rig.model.runs().size() == 1);
        cancelled.cancel();
        VisionRig.await(() -> rig.waiters() == 0);
        long begin = System.nanoTime();
        VisionRig.await(() -> System.nanoTime() - begin > 50_000_000);
        assertThat(rig.abandoned(Stage.ENCODE)).isZero();
        rig.model.openGate();
        VisionRig.await(() -> rig.abandoned(Stage.ENCODE) >= 0.05);

        double before = rig.abandoned(Stage.ENCODE);
        assertThat(rig.batch().scene("b").closed().result("b").hasEncoded()).isTrue();
        assertThat(rig.abandoned(Stage.ENCODE)).isEqualTo(before);
        assertThat(rig.abandoned(Stage.DECODE_PIXELS)).isZero();
        assertThat(rig.abandoned(Stage.PREPROCESS)).isZero();
        assertThat(rig.calls(Stage.DECODE_PIXELS)).isEqualTo(2);
        assertThat(rig.calls(Stage.PREPROCESS)).isEqualTo(2);
    }

    @Test
    void shouldFreeTheMemoryOfAnUploadThatIsCutOff() {
        EncodeBatch batch = rig.batch();
        byte[] file = EncodeBatch.file("scene.png");
        batch.send(batch.header(EncodeBatch.key("a"), file, 320, 240)).send(Arrays.copyOf(file, 100), 100);
        VisionRig.await(() -> rig.uploads.used() == 100);
        assertThat(rig.memory.used()).as("memory of a file that is not there").isZero();
        batch.cancel();
        assertNothingHeld(0);
    }

    /** Their announcements would fill the memory of the rig 20 times; only 20 bytes arrive. */
    @Test
    void shouldEncodeWhileOthersAnnounceHugeImagesAndSendOneByte() {
        List<EncodeBatch> silent = new ArrayList<>();
        byte[] file = new byte[1 << 20];
        for (int i = 0; i < 20; i++) {
            EncodeBatch batch = rig.batch();
            batch.send(batch.header(EncodeBatch.key("huge " + i), file, 8000, 8000))
                    .send(new byte[1], 1);
            silent.add(batch);
        }
        VisionRig.await(() -> rig.uploads.used() == 20);

        for (int i = 0; i < 8; i++) {
            EncodeBatch bystander = rig.batch().scene("bystander " + i).closed();
            assertThat(bystander.end().isOk()).isTrue();
            assertThat(bystander.result("bystander " + i).hasEncoded()).isTrue();
        }
        silent.forEach(EncodeBatch::cancel);
        assertNothingHeld(8);
    }

    @Test
    void shouldGiveEachImageItsOwnFeaturesWhateverRanTogether() {
        rig.model.closeGate();
        EncodeBatch first = rig.batch().scene("first").closed();
        VisionRig.await(() -> rig.model.runs().size() == 1);
        EncodeBatch batch = rig.batch();
        for (int i = 0; i < 6; i++) {
            batch.scene("image " + i);
        }
        byte[] wide = EncodeBatch.file("wide.png");
        batch.send(batch.header(EncodeBatch.key("wide"), wide, 211, 97)).send(wide, 1_000);
        batch.closed();
        VisionRig.await(() -> rig.waiters() == 8);
        // Prepared images leave no trace until the engine takes them; their pixel values are complete once the pool is
        // idle.
        rig.model.openGate();

        assertThat(first.end().isOk()).isTrue();
        assertThat(batch.end().isOk()).isTrue();
        assertThat(rig.model.runs().stream().mapToInt(Integer::intValue).sum()).isEqualTo(8);
        float scene = firstFeature("image 5");
        assertThat(firstFeature("first")).isEqualTo(scene);
        assertThat(firstFeature("wide")).isNotEqualTo(scene);
        assertNothingHeld(8);
    }

    private float firstFeature(String key) {
        PullOutcome outcome = rig.pull(EncodeBatch.key(key));
        assertThat(outcome).as(key).isInstanceOf(PullOutcome.Ready.class);
        return ((PullOutcome.Ready) outcome).bytes().get(HostTensor.FLOAT, 0);
    }

    @Test
    void shouldTellOfABrokenEngineWithoutItsWordsAndServeTheNextImage() {
        rig.model.breakDown();
        EncodeBatch batch = rig.batch().scene("a").closed();
        assertThat(batch.end().isOk()).isTrue();
        assertThat(batch.result("a").getFailure().getCode()).isEqualTo(Status.Code.INTERNAL.value());
        assertThat(batch.result("a").getFailure().getMessage()).matches("internal error, incident [0-9a-f]+");
        assertNothingHeld(0);
    }
}
