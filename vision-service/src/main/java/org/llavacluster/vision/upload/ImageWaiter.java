package org.llavacluster.vision.upload;

import java.util.function.BiConsumer;
import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.tensor.TensorAnswer;
import org.llavacluster.node.tensor.TensorPin;
import org.llavacluster.node.tensor.TensorWaiter;

/** An image whose features a call waits for. Thread-safe. */
final class ImageWaiter implements TensorWaiter {

    /** The outcome for the call. */
    sealed interface Outcome {

        /**
         * @param cached whether the features existed before the call
         */
        record Encoded(boolean cached) implements Outcome {}

        record Failed(Failure failure) implements Outcome {}
    }

    private final AnnouncedImage image;
    private final long deadlineNanos;
    private final BiConsumer<ImageWaiter, Outcome> onOutcome;

    private boolean pending;
    private boolean absent;
    private boolean left;
    private Runnable onLeave = () -> {};

    /**
     * @param onOutcome called once
     */
    ImageWaiter(AnnouncedImage image, long deadlineNanos, BiConsumer<ImageWaiter, Outcome> onOutcome) {
        this.image = image;
        this.deadlineNanos = deadlineNanos;
        this.onOutcome = onOutcome;
    }

    AnnouncedImage image() {
        return image;
    }

    /** The call has ended: the computation stops unless others wait for it. */
    void leave() {
        Runnable action;
        synchronized (this) {
            if (left) {
                return;
            }
            left = true;
            action = onLeave;
        }
        action.run();
    }

    @Override
    public synchronized void pending() {
        pending = true;
    }

    /** Whether the features are neither cached nor being computed, so the file is needed. */
    synchronized boolean isAbsent() {
        return absent;
    }

    @Override
    public void answer(TensorAnswer answer) {
        boolean cached;
        synchronized (this) {
            onLeave = () -> {};
            cached = !pending;
            if (!pending && answer instanceof TensorAnswer.Absent) {
                absent = true;
                return;
            }
        }
        onOutcome.accept(
                this,
                switch (answer) {
                    case TensorAnswer.Ready(TensorPin pin) -> {
                        pin.close();
                        yield new Outcome.Encoded(cached);
                    }
                    case TensorAnswer.Failed(Failure failure) -> new Outcome.Failed(failure);
                    // The computation that this call waits for either succeeds or fails.
                    case TensorAnswer.Absent _, TensorAnswer.WrongRevision _ ->
                        new Outcome.Failed(new Failure.Unavailable("the image was not encoded"));
                });
    }

    @Override
    public long deadlineNanos() {
        return deadlineNanos;
    }

    @Override
    public void onLeave(Runnable action) {
        synchronized (this) {
            if (!left) {
                onLeave = action;
                return;
            }
        }
        action.run();
    }
}
