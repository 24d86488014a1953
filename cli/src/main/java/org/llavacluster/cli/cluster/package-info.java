/** The processes of a cluster on this machine, started, supervised and stopped. Start at {@code LocalCluster}. */
package org.llavacluster.cli.cluster;
