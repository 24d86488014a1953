/**
 * The promises of the cluster, each with the check that runs over the history of every run. Start at {@link Promise}.
 */
package org.llavacluster.simulator.promise;
