package org.llavacluster.gateway.placement;

import java.util.List;
import org.llavacluster.node.membership.MemberRole;
import org.llavacluster.node.membership.Subscription;

/** Who can be given work now. Reading it never blocks. */
@FunctionalInterface
public interface ClusterView {

    /** The members of that role that answer and do not drain, ordered by id. */
    List<Worker> workers(MemberRole role);

    /** Calls back after every change, on any thread; the listener must not block. */
    default Subscription onChange(Runnable listener) {
        return () -> {};
    }
}
