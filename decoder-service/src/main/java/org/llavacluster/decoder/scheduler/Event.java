package org.llavacluster.decoder.scheduler;

import java.util.List;
import java.util.Map;

/** What happened outside the scheduler since the last step. Events for unknown or ended ids are ignored. */
public sealed interface Event {

    record Submitted(SequenceSpec spec) implements Event {}

    /** The embeddings asked for by {@link Action.Fetch} are in memory. Ignored if from an earlier attempt. */
    record ImageArrived(long id, int image, int attempt) implements Event {}

    /** The reader has received that many of the delivered tokens. */
    record Acknowledged(long id, int tokens) implements Event {}

    record Cancelled(long id) implements Event {}

    /** Something that only this request needed has failed. */
    record Failed(long id, Throwable cause) implements Event {}

    /**
     * The last step was computed.
     *
     * @param samples samples of the parts that asked for one
     * @param failed parts whose rows were not computed or not sampled; their requests fail
     */
    record Stepped(long elapsedNanos, List<Sample> samples, Map<Long, Throwable> failed) implements Event {

        public record Sample(long id, int token) {}
    }

    /** The last step failed, and all its sequences fail. */
    record StepFailed(Throwable cause) implements Event {}
}
