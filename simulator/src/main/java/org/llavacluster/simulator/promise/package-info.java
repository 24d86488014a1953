/** The promises of the cluster, each with the check that runs over the history of every run. */
package org.llavacluster.simulator.promise;
