package org.llavacluster.node.tensor;

/** Keeps a tensor alive while somebody reads it. Closing it again does nothing. */
public interface TensorPin extends AutoCloseable {

    StoredTensor tensor();

    @Override
    void close();

    /** A tensor that nothing else shares: closing the pin releases it. */
    static TensorPin sole(StoredTensor tensor) {
        return new SolePin(tensor);
    }
}
