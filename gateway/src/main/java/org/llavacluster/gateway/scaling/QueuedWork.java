package org.llavacluster.gateway.scaling;

import org.llavacluster.autoscaling.ScaledRole;

/**
 * Work that waits at gateways for a worker.
 *
 * @param tiles of images that have to be encoded
 * @param requests that will need a decoder: those whose images are not encoded yet are among them
 */
public record QueuedWork(double tiles, double requests) {

    public static final QueuedWork NONE = new QueuedWork(0, 0);

    public QueuedWork plus(QueuedWork other) {
        return new QueuedWork(tiles + other.tiles, requests + other.requests);
    }

    /** In the role's unit. */
    double of(ScaledRole role, int rowsPerTile) {
        return switch (role) {
            case VISION -> tiles;
            case PROJECTOR -> tiles * rowsPerTile;
            case DECODER -> requests;
        };
    }
}
