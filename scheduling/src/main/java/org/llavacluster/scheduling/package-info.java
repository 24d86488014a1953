/**
 * Every decision of the gateway about requests and workers, as one state machine without clock, thread, random or
 * network: {@link org.llavacluster.scheduling.ClusterScheduler}. The packages below it hold the single policies.
 */
package org.llavacluster.scheduling;
