package org.llavacluster.gateway.resume;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;

/**
 * The figures of {@link ResumePolicy}.
 *
 * @param losses that one request survives; those of draining workers are not counted
 * @param deaths of workers in a row after which a request is suspected of having caused them
 * @param innocent an attempt that lasted so long was not ended by its own request's next step
 * @param settle how long the death of a worker may take to be known
 * @param quarantine how long a suspected request is refused
 * @param budgetShare resumes per request that arrives, once the free ones are used up
 * @param budgetFree resumes in each window that need no arrivals
 * @param budgetWindow over which both are counted
 */
public record ResumeLimits(
        int losses,
        int deaths,
        Duration innocent,
        Duration settle,
        Duration quarantine,
        double budgetShare,
        int budgetFree,
        Duration budgetWindow) {

    /** @param maxRunning requests that run at once: one loss of all of them fits the budget */
    public static ResumeLimits of(int maxRunning) {
        return new ResumeLimits(
                FixedLimits.LOSSES_OF_REQUEST.intValue(),
                FixedLimits.DEATHS_OF_REQUEST.intValue(),
                Duration.ofSeconds(10),
                Duration.ofSeconds(1),
                Duration.ofSeconds(FixedLimits.QUARANTINE.value()),
                FixedLimits.RESUME_PERCENT.value() / 100.0,
                maxRunning,
                Duration.ofSeconds(10));
    }
}
