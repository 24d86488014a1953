/**
 * Tensors between nodes. {@link org.llavacluster.node.tensor.TensorCache} holds them by key,
 * {@link org.llavacluster.node.tensor.TensorSender} serves pulls from it, and
 * {@link org.llavacluster.node.tensor.TensorPuller} pulls them from another node. Start with the cache.
 */
package org.llavacluster.node.tensor;
