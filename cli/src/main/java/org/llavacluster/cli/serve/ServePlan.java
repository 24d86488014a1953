package org.llavacluster.cli.serve;

import java.time.Duration;
import java.util.List;

/**
 * What is offered to a cluster.
 *
 * @param rates requests per second; empty: shares of what the cluster can do
 * @param length time for each rate
 * @param tokens of each answer
 * @param side pixels of each image's sides
 * @param deadline of each request
 */
public record ServePlan(
        List<Double> rates,
        Duration length,
        int tokens,
        int side,
        Duration deadline,
        ServeObjective objective,
        long seed) {

    public ServePlan {
        rates = List.copyOf(rates);
    }
}
