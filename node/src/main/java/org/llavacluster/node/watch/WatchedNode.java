package org.llavacluster.node.watch;

import java.util.Optional;
import org.llavacluster.node.membership.Member;
import org.llavacluster.proto.cluster.v1.Description;
import org.llavacluster.proto.cluster.v1.NodeState;

/**
 * A member with its last known state.
 *
 * @param description empty without a connection
 * @param state empty without a connection
 */
public record WatchedNode(Member member, Optional<Description> description, Optional<NodeState> state) {

    /** Connected, described and not draining. */
    public boolean serving() {
        return description.isPresent() && state.filter(s -> !s.getDraining()).isPresent();
    }
}
