package org.llavacluster.decoder.generate;

import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.llavacluster.decoder.loop.DecoderLoop;
import org.llavacluster.node.time.Clock;

/**
 * What all calls of Generate share.
 *
 * @param timers runs short tasks
 */
public record GenerateParts(
        GenerationParser parser,
        EmbeddingPuller puller,
        DecoderLoop loop,
        ScheduledExecutorService timers,
        Clock clock) {

    /** How long a call may wait for its first message. */
    static final Duration START_WITHIN = Duration.ofSeconds(10);

    /** For a call without a deadline. */
    private static final Duration DEFAULT_DEADLINE = Duration.ofMinutes(10);

    Deadline deadline(Context context) {
        Deadline deadline = context.getDeadline();
        return deadline != null ? deadline : Deadline.after(DEFAULT_DEADLINE.toNanos(), TimeUnit.NANOSECONDS);
    }

    /** The deadline on the loop's clock, in nanoseconds. */
    long nanos(Deadline deadline) {
        return clock.nanoTime() + deadline.timeRemaining(TimeUnit.NANOSECONDS);
    }
}
