package org.llavacluster.gateway.placement;

import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;

/**
 * A member that answers, as it described itself, and the last state it told.
 *
 * @param epoch differs each time that the member appears
 */
public record Worker(Member member, Description description, NodeState state, WorkerEpoch epoch) {

    /** In the epoch of its process. */
    public Worker(Member member, Description description, NodeState state) {
        this(member, description, state, new WorkerEpoch(member.id(), description.getEpoch()));
    }

    public String id() {
        return member.id();
    }
}
