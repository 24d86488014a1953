package org.llavacluster.node.tensor;

import java.util.concurrent.atomic.AtomicBoolean;

/** Releases its tensor when it is closed for the first time. */
final class SolePin implements TensorPin {

    private final StoredTensor tensor;
    private final AtomicBoolean closed = new AtomicBoolean();

    SolePin(StoredTensor tensor) {
        this.tensor = tensor;
    }

    @Override
    public StoredTensor tensor() {
        return tensor;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            tensor.release().run();
        }
    }
}
