/** The id of a request, from the caller through every process to the log and back. Start at {@code RequestId}. */
package org.llavacluster.node.trace;
