package org.llavacluster.decoder.loop;

import org.llavacluster.decoder.scheduler.Event;
import org.llavacluster.engine.HostTensor;

/** A message from another thread to the loop. */
sealed interface LoopMessage {

    record Submit(long id, LoopRequest request, long deadlineNanos) implements LoopMessage {}

    /** The loop owns the tensor. */
    record Image(long id, int image, int attempt, HostTensor tensor) implements LoopMessage {}

    /** An event for the scheduler alone. */
    record Happened(Event event) implements LoopMessage {}

    /** The call of a request ended at that time, and nothing waits for its tokens any more. */
    record Cancel(long id, long atNanos) implements LoopMessage {}

    /** Ends all requests, then the thread. */
    record Stop() implements LoopMessage {}
}
