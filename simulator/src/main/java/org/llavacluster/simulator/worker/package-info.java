/** Modelled workers: what they take, how long it takes, and what they say, without computing anything. */
package org.llavacluster.simulator.worker;
