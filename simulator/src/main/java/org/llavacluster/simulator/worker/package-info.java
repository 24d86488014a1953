/**
 * Modelled workers: what they are given, how long it takes, and what they report, without computing anything. Start at
 * {@link SimulatedWorker}.
 */
package org.llavacluster.simulator.worker;
