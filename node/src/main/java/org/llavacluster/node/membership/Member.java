package org.llavacluster.node.membership;

/**
 * A worker of the cluster.
 *
 * @param id unique in the cluster; tensors and requests refer to it
 */
public record Member(String id, MemberRole role, String host, int port) {

    public Member {
        if (id.isEmpty() || host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException("member id '" + id + "', host '" + host + "', port " + port);
        }
    }
}
