/**
 * The decoder's gRPC service: one call of Generate from Start to its terminal event, with the embeddings that it pulls
 * and the tokens that it sends. Start at {@code GenerateServerCall}.
 */
package org.llavacluster.decoder.generate;
