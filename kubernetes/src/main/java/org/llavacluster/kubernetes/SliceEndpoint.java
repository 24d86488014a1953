package org.llavacluster.kubernetes;

import org.llavacluster.node.membership.Member;
import org.llavacluster.node.membership.MemberRole;

/**
 * A pod as an endpoint slice lists it.
 *
 * @param ready whether Kubernetes sends new connections to it
 */
record SliceEndpoint(String pod, MemberRole role, String host, int port, boolean ready) {

    /** The pod's name is the id of its node. */
    Member member() {
        return new Member(pod, role, host, port);
    }
}
