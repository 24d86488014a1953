package org.llavacluster.gateway.placement;

import org.llavacluster.node.membership.Member;
import org.llavacluster.proto.cluster.v1.Description;

/** A member that answers, as it described itself. */
public record Worker(Member member, Description description) {

    public String id() {
        return member.id();
    }
}
