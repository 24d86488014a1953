package org.llavacluster.vision.encode;

import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.tensor.CachedTensor;
import org.llavacluster.node.tensor.PendingTensor;

/** A pending tensor that nothing waits for. */
final class FakePendingTensor implements PendingTensor {

    @Override
    public void complete(CachedTensor tensor) {}

    @Override
    public void absent() {}

    @Override
    public void wrongRevision() {}

    @Override
    public void fail(Failure failure) {}

    @Override
    public boolean isWanted() {
        return true;
    }

    @Override
    public void onAbandoned(Runnable action) {}
}
