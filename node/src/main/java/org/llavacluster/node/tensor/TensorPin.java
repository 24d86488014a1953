package org.llavacluster.node.tensor;

/** Keeps a tensor in memory while it is read. Closing it again does nothing. */
public interface TensorPin extends AutoCloseable {

    CachedTensor tensor();

    @Override
    void close();
}
