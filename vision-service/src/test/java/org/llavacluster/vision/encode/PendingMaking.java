package org.llavacluster.vision.encode;

import org.llavacluster.node.failure.Failure;
import org.llavacluster.node.tensor.Making;
import org.llavacluster.node.tensor.StoredTensor;

/** A making that nobody looks at. */
final class PendingMaking implements Making {

    @Override
    public void complete(StoredTensor tensor) {}

    @Override
    public void absent() {}

    @Override
    public void wrongRevision() {}

    @Override
    public void fail(Failure failure) {}

    @Override
    public void onUnwanted(Runnable action) {}
}
