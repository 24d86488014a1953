/** Which workers a request uses, and the names of its tensors. Start at {@code Placement}. */
package org.llavacluster.gateway.placement;
