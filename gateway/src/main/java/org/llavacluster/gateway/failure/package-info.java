/** How failures become HTTP answers. Start at {@code HttpFailures}. */
package org.llavacluster.gateway.failure;
