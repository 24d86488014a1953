/**
 * The id and the trace of a request, from the caller through every process and back. Start at {@code RequestId} and
 * {@code NodeTracing}.
 */
package org.llavacluster.node.trace;
