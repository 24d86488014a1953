/**
 * The gateway's scheduler in virtual time: the real {@link org.llavacluster.scheduling.ClusterScheduler} against
 * modelled clients, workers and links, all from one seed, so that a run that breaks a promise can be run again. Start
 * at {@link FaultRun}.
 */
package org.llavacluster.simulator;
