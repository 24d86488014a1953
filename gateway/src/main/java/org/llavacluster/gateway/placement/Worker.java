package org.llavacluster.gateway.placement;

import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.WorkerEpoch;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;

/** A member that answers, as it described itself, and the last state it told. */
public record Worker(Member member, Description description, NodeState state) {

    public String id() {
        return member.id();
    }

    public WorkerEpoch epoch() {
        return new WorkerEpoch(member.id(), description.getEpoch());
    }
}
