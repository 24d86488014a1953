package org.llavacluster.gateway.placement;

import java.util.List;
import org.llavacluster.node.membership.MemberRole;

/** The workers that can get work now. Reading it never blocks. */
@FunctionalInterface
public interface ClusterView {

    /** The members of that role that answer and do not drain, ordered by id. */
    List<Worker> workers(MemberRole role);
}
