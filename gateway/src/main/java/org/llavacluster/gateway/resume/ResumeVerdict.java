package org.llavacluster.gateway.resume;

/** What becomes of a request that lost its decoder. */
public sealed interface ResumeVerdict {

    /** It goes on at another decoder. */
    record Resume() implements ResumeVerdict {}

    /** Whether the worker is gone decides, and that is not known yet: ask again then, or when workers come or go. */
    record Undecided(long untilNanos) implements ResumeVerdict {}

    /** It ends with what its worker reported. */
    record PassOn() implements ResumeVerdict {}

    /** It ends, for that reason. */
    record GiveUp(String reason) implements ResumeVerdict {}

    /** It ends, and the same request is refused for a while: it may be what ended the workers. */
    record Quarantine(String reason) implements ResumeVerdict {}
}
