package org.llavacluster.decoder.loop;

import org.llavacluster.decoder.scheduler.Event;
import org.llavacluster.engine.HostTensor;

/** What other threads tell the loop. */
sealed interface Message {

    record Submit(long id, Request request, long deadlineNanos) implements Message {}

    /** The loop takes the tensor over. */
    record Image(long id, int image, int attempt, HostTensor tensor) implements Message {}

    /** For the scheduler alone. */
    record Happened(Event event) implements Message {}

    /** End all that is left, then the thread. */
    record Stop() implements Message {}
}
