package org.llavacluster.gateway.entrance;

import java.time.Duration;
import org.llavacluster.node.config.FixedLimits;
import org.llavacluster.node.metrics.RefusalMetrics;
import org.llavacluster.node.time.Clock;

/**
 * Rules of each connection.
 *
 * @param headerTime longest time for a request's head, and from a new connection to its first request
 * @param idleTime time after which a connection without a request is closed
 */
record EntranceRules(Duration headerTime, Duration idleTime, RefusalMetrics refusals, Clock clock) {

    /** Most requests of one connection that wait for the answers to earlier ones. */
    static final int MAX_PIPELINED = FixedLimits.HTTP_PIPELINED.intValue();
}
