package org.llavacluster.node.tensor;

/**
 * Waits for a tensor. It gets any number of {@link #pending} calls and then exactly one {@link #answer}, on any thread.
 */
public interface TensorWaiter {

    /** The tensor is being computed and the answer comes later. Must not block. */
    void pending();

    /** The final answer. Must not block. The waiter owns the pin of {@link TensorAnswer.Ready}. */
    void answer(TensorAnswer answer);

    /** The time after which the answer is useless, on {@link org.llavacluster.node.time.Clock#nanoTime}. */
    long deadlineNanos();

    /**
     * Registers what to do when the waiter leaves before its answer. It runs at most once: immediately if the waiter
     * has left already, and never after the answer.
     */
    void onLeave(Runnable action);
}
