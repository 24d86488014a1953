/** Open-loop load on a cluster without faults: latency, goodput and the scheduler's own cost. */
package org.llavacluster.simulator.load;
