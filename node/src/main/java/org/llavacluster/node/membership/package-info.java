/** The workers of the cluster and the connections to them. Start at {@code Membership}. */
package org.llavacluster.node.membership;
