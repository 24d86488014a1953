/** Measures the transfer of tensors between nodes. Start at {@code TensorBench}. */
package org.llavacluster.node.bench;
