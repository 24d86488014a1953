package org.llavacluster.vision.service;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.llavacluster.engine.HostTensor;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.tensor.PullOutcome;
import org.llavacluster.node.tensor.TensorPull;

class PullFeaturesTest {

    private final VisionRig rig = new VisionRig(2 * VisionRig.FEATURE_BYTES);

    @AfterEach
    void close() {
        rig.close();
    }

    private void encode(String key) {
        assertThat(rig.batch().scene(key).closed().result(key).hasEncoded()).isTrue();
    }

    @Test
    void shouldSendWhatIsThere() {
        encode("a");
        PullOutcome outcome = rig.pull(EncodeBatch.key("a"));
        assertThat(outcome).isInstanceOf(PullOutcome.Ready.class);
        PullOutcome.Ready ready = (PullOutcome.Ready) outcome;
        assertThat(ready.layout().shape()).containsExactly(36L, 48L);
        float[] features = ready.bytes().toArray(HostTensor.FLOAT);
        assertThat(features).hasSize(36 * 48).containsOnly(features[0]);
        assertThat(rig.calls(Stage.PULL_FEATURES)).isEqualTo(1);
    }

    @Test
    void shouldSayWhatIsNotThere() {
        assertThat(rig.pull(EncodeBatch.key("a"))).isEqualTo(new PullOutcome.Absent());
        assertThat(rig.startPull(EncodeBatch.key("a"), "another").outcome().join())
                .isEqualTo(new PullOutcome.WrongRevision());
        assertThat(rig.startPull(ByteString.EMPTY, VisionRig.REVISION).outcome().join())
                .isInstanceOfSatisfying(PullOutcome.Failed.class, failed -> assertThat(failed.failure())
                        .isInstanceOf(Failure.Invalid.class));
    }

    @Test
    void shouldForgetTheLeastRecentlyUsed() {
        encode("a");
        encode("b");
        rig.pull(EncodeBatch.key("a"));
        encode("c");
        assertThat(rig.pull(EncodeBatch.key("a"))).isInstanceOf(PullOutcome.Ready.class);
        assertThat(rig.pull(EncodeBatch.key("b"))).isEqualTo(new PullOutcome.Absent());
        assertThat(rig.pull(EncodeBatch.key("c"))).isInstanceOf(PullOutcome.Ready.class);
        encode("b");
        assertThat(rig.pull(EncodeBatch.key("b"))).isInstanceOf(PullOutcome.Ready.class);
    }

    @Test
    void shouldWaitForWhatIsBeingMade() {
        rig.model.closeGate();
        EncodeBatch batch = rig.batch().scene("a").closed();
        VisionRig.await(() -> rig.model.runs().size() == 1);
        TensorPull pull = rig.startPull(EncodeBatch.key("a"), VisionRig.REVISION);
        VisionRig.await(() -> rig.waiters() == 2);
        assertThat(pull.outcome()).isNotDone();
        rig.model.openGate();
        assertThat(pull.outcome().join()).isInstanceOf(PullOutcome.Ready.class);
        assertThat(batch.end().isOk()).isTrue();
    }

    @Test
    void shouldKeepMakingForAPullWhenTheEncodeCallIsCancelled() {
        rig.model.closeGate();
        EncodeBatch batch = rig.batch().scene("a").closed();
        VisionRig.await(() -> rig.model.runs().size() == 1);
        TensorPull pull = rig.startPull(EncodeBatch.key("a"), VisionRig.REVISION);
        VisionRig.await(() -> rig.waiters() == 2);
        batch.cancel();
        VisionRig.await(() -> rig.waiters() == 1);
        rig.model.openGate();
        assertThat(pull.outcome().join()).isInstanceOf(PullOutcome.Ready.class);
    }
}
