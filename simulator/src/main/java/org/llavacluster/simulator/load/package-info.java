/**
 * Open-loop load on a cluster without faults: latency, goodput and the scheduler's own cost. Start at {@link LoadRun}.
 */
package org.llavacluster.simulator.load;
