package org.llavacluster.decoder.scheduler;

import java.util.List;
import java.util.Map;

/** What happened outside since the last step. Events of ids that are unknown or have ended are ignored. */
public sealed interface Event {

    record Submitted(SequenceSpec spec) implements Event {}

    /** The embeddings of an image asked for by {@link Action.Fetch} are in memory; of an earlier attempt: ignored. */
    record ImageArrived(long id, int image, int attempt) implements Event {}

    /** The reader has taken so many of the tokens delivered to it. */
    record Taken(long id, int tokens) implements Event {}

    record Cancelled(long id) implements Event {}

    /** Something that only this request needed went wrong. */
    record Failed(long id, Throwable cause) implements Event {}

    /**
     * The step asked for last was computed.
     *
     * @param samples of the parts that wanted one
     * @param failed parts whose rows were not computed, or not sampled from: those requests fail
     */
    record Stepped(long elapsedNanos, List<Sample> samples, Map<Long, Throwable> failed) implements Event {

        public record Sample(long id, int token) {}
    }

    /** The step asked for last broke: all its sequences fail. */
    record StepFailed(Throwable cause) implements Event {}
}
