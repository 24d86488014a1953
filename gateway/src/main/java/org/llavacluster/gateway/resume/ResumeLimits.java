package org.llavacluster.gateway.resume;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;

/**
 * The figures of {@link ResumePolicy}.
 *
 * @param losses losses that one request survives, without those of draining workers
 * @param deaths consecutive deaths of workers after which a request is suspected as the cause
 * @param innocent attempts of at least this length do not count against their request
 * @param settle longest time until the death of a worker is known
 * @param quarantine how long a suspected request is refused
 * @param budgetShare resumes per arriving request, beyond the free ones
 * @param budgetFree resumes in each window without arrivals
 * @param budgetWindow window in which both are counted
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

    /**
     * @param maxRunning most running requests, whose simultaneous loss fits the budget
     */
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
