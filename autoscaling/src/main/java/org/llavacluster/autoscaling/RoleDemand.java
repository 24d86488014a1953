package org.llavacluster.autoscaling;

/**
 * What a role needs.
 *
 * @param backlogSeconds time in which one worker would do all that is queued and running
 * @param wantedWorkers not rounded
 * @param active whether there is any work: a role without it may sleep
 */
public record RoleDemand(double backlogSeconds, double wantedWorkers, boolean active) {

    public static final RoleDemand NONE = new RoleDemand(0, 0, false);
}
