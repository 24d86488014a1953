package org.llavacluster.worker.serve;

import java.util.concurrent.atomic.AtomicBoolean;
import org.llavacluster.node.metrics.StageMetrics;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.TensorAnswer;
import org.llavacluster.node.tensor.TensorPin;
import org.llavacluster.node.tensor.TensorWaiter;

/** Measures a pull on the serving side, from its request until the tensor is sent or the pull ends without one. */
public final class MeteredWaiter implements TensorWaiter {

    private final TensorWaiter puller;
    private final StageMetrics.Running stage;
    private final AtomicBoolean ended = new AtomicBoolean();

    /**
     * @param stage begun when the request arrived
     */
    public MeteredWaiter(TensorWaiter puller, StageMetrics.Running stage) {
        this.puller = puller;
        this.stage = stage;
    }

    @Override
    public void pending() {
        puller.pending();
    }

    @Override
    public void answer(TensorAnswer answer) {
        switch (answer) {
            case TensorAnswer.Ready(TensorPin pin) -> puller.answer(new TensorAnswer.Ready(new MeteredPin(pin)));
            case TensorAnswer.Absent _, TensorAnswer.WrongRevision _, TensorAnswer.Failed _ -> {
                end(false);
                puller.answer(answer);
            }
        }
    }

    @Override
    public long deadlineNanos() {
        return puller.deadlineNanos();
    }

    @Override
    public void onLeave(Runnable action) {
        puller.onLeave(() -> {
            end(false);
            action.run();
        });
    }

    private void end(boolean succeeded) {
        if (ended.compareAndSet(false, true)) {
            stage.end(succeeded);
        }
    }

    private final class MeteredPin implements TensorPin {

        private final TensorPin pin;

        private MeteredPin(TensorPin pin) {
            this.pin = pin;
        }

        @Override
        public CachedTensor tensor() {
            return pin.tensor();
        }

        @Override
        public void close() {
            end(true);
            pin.close();
        }
    }
}
