package org.llavacluster.node.tensor;

import java.util.concurrent.atomic.AtomicBoolean;

/** The only pin of a tensor: the first close releases the tensor. */
public final class SolePin implements TensorPin {

    private final CachedTensor tensor;
    private final AtomicBoolean closed = new AtomicBoolean();

    public SolePin(CachedTensor tensor) {
        this.tensor = tensor;
    }

    @Override
    public CachedTensor tensor() {
        return tensor;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            tensor.release().run();
        }
    }
}
