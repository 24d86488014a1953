package org.llavacluster.gateway.resume;

/** The decision on a request that lost its decoder. */
public sealed interface ResumeVerdict {

    /** It continues at another decoder. */
    record Resume() implements ResumeVerdict {}

    /**
     * It depends on whether the worker has ended, which is not known yet: ask again at that time, or when workers join
     * or leave.
     */
    record Undecided(long untilNanos) implements ResumeVerdict {}

    /** It ends with the failure that its worker reported. */
    record PassOn() implements ResumeVerdict {}

    /** It ends, for that reason. */
    record GiveUp(String reason) implements ResumeVerdict {}

    /** It ends, and the same request is refused for a while, because it may have ended the workers. */
    record Quarantine(String reason) implements ResumeVerdict {}
}
