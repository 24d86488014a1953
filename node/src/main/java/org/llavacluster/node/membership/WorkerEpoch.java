package org.llavacluster.node.membership;

/**
 * One life of a worker, as those who use it see it. A process that starts again under the same id has another epoch.
 *
 * @param worker id of the member
 */
public record WorkerEpoch(String worker, long epoch) {}
