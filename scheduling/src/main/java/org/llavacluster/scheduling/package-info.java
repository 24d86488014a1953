/**
 * Every decision of the gateway about requests and workers, as one state machine that knows no clock, thread, random or network:
 * {@link org.llavacluster.scheduling.ClusterScheduler}. The packages below it hold the single policies.
 */
package org.llavacluster.scheduling;
