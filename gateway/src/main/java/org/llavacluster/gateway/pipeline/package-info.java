/**
 * The life of an admitted request: encodes of its images, calls to decoders, and its answer to the client. Start at
 * {@code ChatService} and {@code ChatCall}.
 */
package org.llavacluster.gateway.pipeline;
