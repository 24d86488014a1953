package org.llavacluster.worker.serve;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.llavacluster.node.metrics.Stage;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.SolePin;
import org.llavacluster.node.tensor.TensorAnswer;
import org.llavacluster.node.tensor.TensorPin;
import org.llavacluster.node.tensor.TensorWaiter;
import org.llavacluster.node.time.SettableClock;
import org.llavacluster.proto.cluster.v1.DataType;
import org.llavacluster.proto.tensor.TensorLayout;

class MeteredWaiterTest {

    private static final class Puller implements TensorWaiter {

        private final List<TensorAnswer> answers = new ArrayList<>();
        private Runnable leave = () -> {};

        @Override
        public void pending() {}

        @Override
        public void answer(TensorAnswer answer) {
            answers.add(answer);
        }

        @Override
        public long deadlineNanos() {
            return 77;
        }

        @Override
        public void onLeave(Runnable action) {
            leave = action;
        }
    }

    private final SettableClock clock = new SettableClock();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final Puller puller = new Puller();
    private final MeteredWaiter waiter = new MeteredWaiter(
            puller, new StageMetrics(registry, clock, Stage.PULL_FEATURES).begin(Stage.PULL_FEATURES));

    private double failures() {
        return registry.get("llava.stage.failures").counter().count();
    }

    private List<Object> measured() {
        return List.of(
                registry.get("llava.stage").timer().count(),
                registry.get("llava.stage").timer().totalTime(TimeUnit.NANOSECONDS));
    }

    @Test
    void shouldCountUntilTheTensorHasLeft() {
        List<String> released = new ArrayList<>();
        waiter.answer(new TensorAnswer.Ready(new SolePin(CachedTensor.of(
                new TensorLayout(ByteString.copyFromUtf8("k"), DataType.DATA_TYPE_F32, List.of(1L)),
                MemorySegment.ofArray(new byte[4]),
                () -> released.add("released")))));
        assertThat(measured()).containsExactly(0L, 0.0);

        clock.advance(Duration.ofNanos(5_000));
        TensorPin pin = ((TensorAnswer.Ready) puller.answers.getFirst()).pin();
        pin.close();
        pin.close();

        assertThat(measured()).containsExactly(1L, 5_000.0);
        assertThat(failures()).isZero();
        assertThat(released).containsExactly("released");
        assertThat(waiter.deadlineNanos()).isEqualTo(77);
    }

    @Test
    void shouldCountWhatIsNotThereAsFailed() {
        waiter.answer(new TensorAnswer.Absent());
        assertThat(puller.answers).containsExactly(new TensorAnswer.Absent());
        assertThat(measured()).containsExactly(1L, 0.0);
        assertThat(failures()).isEqualTo(1);
    }

    @Test
    void shouldEndWhenThePullerLeaves() {
        List<String> left = new ArrayList<>();
        waiter.onLeave(() -> left.add("left"));
        puller.leave.run();
        assertThat(left).containsExactly("left");
        assertThat(failures()).isEqualTo(1);
    }
}
