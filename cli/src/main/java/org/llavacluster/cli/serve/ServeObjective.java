package org.llavacluster.cli.serve;

import java.time.Duration;

/**
 * What an answer must keep to count for the goodput.
 *
 * @param firstToken longest time to the first token, from when the request was due
 * @param perToken longest mean time of each further token
 */
public record ServeObjective(Duration firstToken, Duration perToken) {

    boolean isMet(ServeEnd.Answered answer) {
        return answer.firstTokenNanos() <= firstToken.toNanos() && answer.nanosPerToken() <= perToken.toNanos();
    }
}
