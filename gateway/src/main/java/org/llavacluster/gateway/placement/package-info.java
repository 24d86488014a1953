/** Which workers can serve together, and the names of tensors. Start at {@code Serving}. */
package org.llavacluster.gateway.placement;
