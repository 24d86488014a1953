package org.llavacluster.node.tensor;

/**
 * Somebody who wants a tensor. Gets any number of {@link #pending} and then exactly one {@link #answer}, on any thread.
 */
public interface TensorWaiter {

    /** The tensor is being made: the answer comes later. Must not block. */
    void pending();

    /** The end. Must not block. Takes the pin of {@link TensorAnswer.Ready} over. */
    void answer(TensorAnswer answer);

    /** When nobody needs the answer any more, on {@link org.llavacluster.node.time.Clock#nanoTime}. */
    long deadlineNanos();

    /**
     * Registers what to do when the waiter leaves before its answer; runs at once where it left already. Run at most
     * once, and never after the answer.
     */
    void onLeave(Runnable action);
}
